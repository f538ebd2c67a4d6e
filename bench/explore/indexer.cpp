// SPDX-License-Identifier: Apache-2.0
// Two insert into a table of four: the place is looked for and taken in two steps.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> table[4] = {};

void insert(int value) {
  for (std::atomic<int>& place : table) {
#ifdef FIXED
    int empty = 0;
    if (place.compare_exchange_strong(empty, value)) return;
#else
    if (place == 0) {
      place = value;
      return;
    }
#endif
  }
}

void problem() {
  Group group;
  for (int value = 1; value <= 3; ++value) {
    group.go([value] { insert(value); });
  }
  group.wait();
  require(table[0] + table[1] + table[2] == 6);
}
