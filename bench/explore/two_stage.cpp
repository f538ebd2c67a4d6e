// SPDX-License-Identifier: Apache-2.0
// One value is derived from the other under another lock; a reader comes between.
#include "bench/explore/problem.h"

Mutex first_lock;
Mutex second_lock;
int first = 0;
int second = 0;

void problem() {
  Group group;
  group.go([] {
    Lock one(first_lock);
    first = 1;
#ifndef FIXED
    one.unlock();
#endif
    const Lock two(second_lock);
    second = 2;
  });
  group.go([] {
    Lock one(first_lock);
    const int seen = first;
#ifndef FIXED
    one.unlock();
#endif
    if (seen == 0) return;
    const Lock two(second_lock);
    require(second == seen + 1);
  });
  group.wait();
}
