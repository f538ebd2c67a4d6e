// SPDX-License-Identifier: Apache-2.0
// Nothing is wrong with it: four tasks, each of which locks and unlocks six times, for explore.py
// --speed.
#pragma once

#include "bench/explore/problem.h"

inline void fifty_operations() {
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
