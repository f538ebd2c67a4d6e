// SPDX-License-Identifier: Apache-2.0
// Owner and thief take the last element of a deque, both.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> head = 0;
std::atomic<int> tail = 2;
std::atomic<int> taken[2] = {};

void steal() {
#ifdef FIXED
  int h = head;
  if (h < tail && head.compare_exchange_strong(h, h + 1)) ++taken[h];
#else
  const int h = head;
  if (h < tail) {
    head = h + 1;
    ++taken[h];
  }
#endif
}

void take() {
  const int t = --tail;
  int h = head;
  if (h < t) {
    ++taken[t];
    return;
  }
  tail = t + 1;
#ifdef FIXED
  if (h == t && head.compare_exchange_strong(h, h + 1)) ++taken[t];
#else
  if (h == t) {
    head = h + 1;
    ++taken[t];
  }
#endif
}

void problem() {
  Group group;
  group.go([] {
    take();
    take();
  });
  group.go(steal);
  group.wait();
  require(taken[0] <= 1 && taken[1] <= 1);
}
