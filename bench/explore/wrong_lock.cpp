// SPDX-License-Identifier: Apache-2.0
// One of three uses another lock: an update is lost.
#include <atomic>

#include "bench/explore/problem.h"

Mutex right;
Mutex wrong;
std::atomic<int> count = 0;

void add(Mutex& mutex) {
  const Lock lock(mutex);
  const int before = count;
  count = before + 1;
}

void problem() {
  Group group;
  group.go([] { add(right); });
  group.go([] { add(right); });
#ifdef FIXED
  group.go([] { add(right); });
#else
  group.go([] { add(wrong); });
#endif
  group.wait();
  require(count == 3);
}
