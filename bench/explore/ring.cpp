// SPDX-License-Identifier: Apache-2.0
// A ring of four: the place is taken before the element is in it.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> slots[4] = {};
std::atomic<int> written = 0;

void problem() {
  Group group;
  group.go([] {
    for (int i = 0; i < 3; ++i) {
#ifdef FIXED
      slots[i] = i + 1;
      written = i + 1;
#else
      written = i + 1;
      slots[i] = i + 1;
#endif
    }
  });
  group.go([] {
    for (int i = 0; i < 3; ++i) {
      if (written <= i) return;
      require(slots[i] == i + 1);
    }
  });
  group.wait();
}
