// SPDX-License-Identifier: Apache-2.0
// A reader takes two values that are changed together one after the other.
#include "bench/explore/problem.h"

Mutex mutex;
int left = 50;
int right = 50;

void problem() {
  Group group;
  group.go([] {
    const Lock lock(mutex);
    left -= 10;
    right += 10;
  });
  group.go([] {
    Lock lock(mutex);
    const int seen = left;
#ifndef FIXED
    lock.unlock();
    lock.lock();
#endif
    require(seen + right == 100);
  });
  group.wait();
}
