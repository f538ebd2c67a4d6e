// SPDX-License-Identifier: Apache-2.0
// Two locks and a counter of users: who comes as the last one leaves takes them in the other order.
#include "bench/explore/problem.h"

Mutex count_lock;
Mutex resource;
int users = 0;

void enter() {
  const Lock lock(count_lock);
  if (++users == 1) resource.lock();
}

void leave() {
  const Lock lock(count_lock);
  if (--users == 0) resource.unlock();
}

void problem() {
  Group group;
  group.go([] {
    enter();
    leave();
  });
  group.go([] {
#ifdef FIXED
    const Lock alone(resource);
#else
    const Lock first(resource);
    const Lock second(count_lock);
#endif
  });
  group.wait();
}
