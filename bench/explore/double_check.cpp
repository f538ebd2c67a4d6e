// SPDX-License-Identifier: Apache-2.0
// An object is made at first use; who looks a second time sees the pointer before the value.
#include <atomic>

#include "bench/explore/problem.h"

Mutex mutex;
std::atomic<bool> is_made = false;
std::atomic<int> value = 0;

int get() {
  if (!is_made) {
    const Lock lock(mutex);
    if (!is_made) {
#ifdef FIXED
      value = 7;
      is_made = true;
#else
      is_made = true;
      value = 7;
#endif
    }
  }
  return value;
}

void problem() {
  Group group;
  group.go([] { require(get() == 7); });
  group.go([] { require(get() == 7); });
  group.wait();
}
