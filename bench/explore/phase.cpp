// SPDX-License-Identifier: Apache-2.0
// The same two locks, taken in one order in the first phase and in the other in the second.
#include <atomic>

#include "bench/explore/problem.h"

Mutex one;
Mutex two;
std::atomic<int> phase = 1;

void problem() {
  Group group;
  group.go([] {
    const Lock first(one);
    const Lock second(two);
    phase = 2;
  });
  group.go([] {
#ifndef FIXED
    if (phase == 1) {
      const Lock first(two);
      const Lock second(one);
    }
#else
    if (phase == 1) {
      const Lock first(one);
      const Lock second(two);
    }
#endif
  });
  group.wait();
}
