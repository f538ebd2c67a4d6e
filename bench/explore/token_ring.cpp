// SPDX-License-Identifier: Apache-2.0
// Four values, each copied from the one before by one of four; all are the same in the end only in
// one order.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> values[4] = {1, 2, 3, 4};

void problem() {
#ifndef FIXED
  Group group;
  for (int i = 1; i < 4; ++i) {
    group.go([i] { values[i] = values[i - 1].load(); });
  }
  group.wait();
  require(values[3] != 1);  // holds in all orders but one
#else
  for (int i = 1; i < 4; ++i) {
    Group group;
    group.go([i] { values[i] = values[i - 1].load(); });
    group.wait();
  }
  require(values[3] == 1);
#endif
}
