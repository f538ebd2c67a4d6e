// SPDX-License-Identifier: Apache-2.0
// Two take the same ticket: it is read and advanced in two steps.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> next_ticket = 0;
std::atomic<int> inside = 0;
std::atomic<int> serving = 0;

void work() {
#ifdef FIXED
  const int mine = next_ticket++;
#else
  const int mine = next_ticket;
  next_ticket = mine + 1;
#endif
  while (serving != mine) {
#ifndef FIXED
    if (serving > mine) return;
#endif
  }
  require(++inside == 1);
  --inside;
  ++serving;
}

void problem() {
  Group group;
  group.go(work);
  group.go(work);
  group.wait();
}
