// SPDX-License-Identifier: Apache-2.0
// SIZE writers set two values one after the other; a reader sees the second without the first.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> first = 0;
std::atomic<int> second = 0;

void problem() {
  Group group;
  for (int i = 0; i < SIZE; ++i) {
    group.go([] {
#ifdef FIXED
      second = -1;
      first = 1;
#else
      first = 1;
      second = -1;
#endif
    });
  }
  group.go([] {
    const int seen_first = first;
    const int seen_second = second;
    require(seen_first != 1 || seen_second == -1);
  });
  group.wait();
}
