// SPDX-License-Identifier: Apache-2.0
// A driver is stopped while a request has looked and not yet said that it is under way.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<bool> is_stopping = false;
std::atomic<bool> is_stopped = false;
std::atomic<int> pending = 1;

void leave() {
  if (--pending == 0) is_stopped = true;
}

void problem() {
  Group group;
  group.go([] {
#ifdef FIXED
    ++pending;
    if (!is_stopping) require(!is_stopped);
    leave();
#else
    if (is_stopping) return;
    ++pending;
    require(!is_stopped);
    leave();
#endif
  });
  group.go([] {
    is_stopping = true;
    leave();
  });
  group.wait();
}
