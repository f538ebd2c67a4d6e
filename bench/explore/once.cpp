// SPDX-License-Identifier: Apache-2.0
// Whoever sees that it is not done does it.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<bool> is_done = false;
std::atomic<int> times = 0;

void call() {
#ifdef FIXED
  if (!is_done.exchange(true)) ++times;
#else
  if (is_done) return;
  is_done = true;
  ++times;
#endif
}

void problem() {
  Group group;
  for (int i = 0; i < 3; ++i) group.go(call);
  group.wait();
  require(times == 1);
}
