// SPDX-License-Identifier: Apache-2.0
// A barrier of one's own whose count is set back by the last to come, while others still look at
// it.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> arrived = 0;
std::atomic<int> round_number = 0;
std::atomic<int> passed = 0;

void meet() {
#ifdef FIXED
  const int mine = round_number;
  if (++arrived == 2) {
    arrived = 0;
    ++round_number;
    return;
  }
  while (round_number == mine) {
  }
#else
  if (++arrived == 2) {
    arrived = 0;
    return;
  }
  for (int looks = 0; arrived != 0; ++looks) require(looks < 50);
#endif
}

void problem() {
  Group group;
  for (int i = 0; i < 2; ++i) {
    group.go([] {
      meet();
      ++passed;
      meet();
    });
  }
  group.wait();
  require(passed == 2);
}
