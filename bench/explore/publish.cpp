// SPDX-License-Identifier: Apache-2.0
// A message is marked as there before it is.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> message = 0;
std::atomic<bool> is_there = false;

void problem() {
  Group group;
  group.go([] {
#ifdef FIXED
    message = 42;
    is_there = true;
#else
    is_there = true;
    message = 42;
#endif
  });
  group.go([] {
    if (is_there) require(message == 42);
  });
  group.wait();
}
