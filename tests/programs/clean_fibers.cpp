// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 6
// Switching orders what two fibers do, also from thread to thread. One that is never resumed is no
// leak.
#include <cstdio>
#include <thread>

#include "fibers.h"

int total = 0;

void add(Fiber& self) {
  for (;;) {
    ++total;
    self.yield();
  }
}

int main() {
  Fiber one("one", add);
  Fiber two("two", add);
  Fiber spare("spare", add);
  one.resume();
  two.resume();
  one.resume();
  std::thread([&] {
    one.resume();
    two.resume();
    ++total;
  }).join();
  std::printf("%d\n", total);
}
