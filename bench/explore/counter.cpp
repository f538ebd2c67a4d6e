// SPDX-License-Identifier: Apache-2.0
// SIZE increment by a load and a store, three times each; the count falls below what one alone
// would reach.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> count = 0;

void problem() {
  Group group;
  for (int i = 0; i < SIZE; ++i) {
    group.go([] {
      for (int k = 0; k < 3; ++k) {
#ifdef FIXED
        ++count;
#else
        const int before = count;
        count = before + 1;
#endif
      }
    });
  }
  group.wait();
  require(count > 3);
}
