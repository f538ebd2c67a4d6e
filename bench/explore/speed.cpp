// SPDX-License-Identifier: Apache-2.0
// For explore.py --speed. Nothing is wrong with it: four tasks, each of which locks and unlocks six
// times.
#include "bench/explore/problem.h"

void problem() {
  Mutex mutex;
  int count = 0;
  Group group;
  for (int i = 0; i < 4; ++i) {
    group.go([&] {
      for (int k = 0; k < 6; ++k) {
        const Lock lock(mutex);
        ++count;
      }
    });
  }
  group.wait();
  require(count == 24);
}
