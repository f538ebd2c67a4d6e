// SPDX-License-Identifier: Apache-2.0
// Peterson's lock of two without the turn: both see the other's flag only after their own look.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<bool> wants[2] = {};
std::atomic<int> turn = 0;
std::atomic<int> inside = 0;

void work(int self) {
#ifdef FIXED
  wants[self] = true;
  turn = 1 - self;
  while (wants[1 - self] && turn == 1 - self) {
  }
#else
  while (wants[1 - self]) {
  }
  wants[self] = true;
#endif
  require(++inside == 1);
  --inside;
  wants[self] = false;
}

void problem() {
  Group group;
  group.go([] { work(0); });
  group.go([] { work(1); });
  group.wait();
}
