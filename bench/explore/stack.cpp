// SPDX-License-Identifier: Apache-2.0
// Whether the stack is empty is looked at outside of the lock that guards it.
#include <atomic>

#include "bench/explore/problem.h"

Mutex mutex;
std::atomic<int> size = 0;
int below = 0;

void push() {
  const Lock lock(mutex);
  ++size;
}

void pop() {
#ifdef FIXED
  const Lock lock(mutex);
  if (size == 0) return;
#else
  if (size == 0) return;
  const Lock lock(mutex);
#endif
  if (--size < 0) ++below;
}

void problem() {
  Group group;
  group.go(push);
  group.go(pop);
  group.go(pop);
  group.wait();
  require(below == 0);
}
