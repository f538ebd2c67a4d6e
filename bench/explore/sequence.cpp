// SPDX-License-Identifier: Apache-2.0
// A bug that needs five steps in one order: each of two goes on only where the other has just gone
// on.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> step = 0;

void advance(int from) {
  int expected = from;
  step.compare_exchange_strong(expected, from + 1);
}

void problem() {
  Group group;
  group.go([] {
    advance(0);
    advance(2);
    advance(4);
  });
  group.go([] {
    advance(1);
    advance(3);
  });
  group.wait();
#ifdef FIXED
  require(step <= 5);
#else
  require(step != 5);
#endif
}
