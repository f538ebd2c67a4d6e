// SPDX-License-Identifier: Apache-2.0
// 2 increment by a load and a store, five times each; the count falls below what one alone would
// reach.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> count = 0;

int main() {
  Group group;
  for (int i = 0; i < 2; ++i) {
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
