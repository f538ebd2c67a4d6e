// SPDX-License-Identifier: Apache-2.0
// Nothing is wrong with it: four tasks with fifty operations in all, for explore.py --speed.
#include "bench/explore/problem.h"

int main() {
  Mutex mutex;
  int count = 0;
  Group group;
  for (int i = 0; i < 4; ++i) {
    group.go([&] {
      for (int k = 0; k < 12; ++k) {
        const Lock lock(mutex);
        ++count;
      }
    });
  }
  group.wait();
  require(count == 48);
}
