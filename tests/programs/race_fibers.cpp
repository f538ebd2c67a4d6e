// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// EXPECT-REPORT: the second
// Two fibers of one thread, switched between without an order: on two threads they would race.
#include "fibers.h"

int total = 0;

void add(Fiber&) { ++total; }  // <- data-race

int main() {
  Fiber one("the first", add, kNoSync);
  Fiber two("the second", add, kNoSync);
  one.resume();
  two.resume();
}
