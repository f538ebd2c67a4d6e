// SPDX-License-Identifier: Apache-2.0
// The third expects to come before one of the other two.
#include "bench/explore/problem.h"

Mutex mutex;
int data = 0;

void problem() {
  Group group;
  group.go([] {
    const Lock lock(mutex);
    ++data;
  });
  group.go([] {
    const Lock lock(mutex);
    data += 2;
  });
  group.go([] {
    const Lock lock(mutex);
#ifdef FIXED
    require(data <= 3);
#else
    require(data < 3);
#endif
  });
  group.wait();
}
