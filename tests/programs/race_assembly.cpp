// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// One instruction is not yet an atomic one: without a lock prefix two threads lose each other's
// additions.
#include <thread>

int total = 0;

void add() {
#if defined(__x86_64__)
  __asm__("incl %0" : "+m"(total));  // <- data-race
#else
  ++total;
#endif
}

int main() {
  std::thread other(add);
  add();
  other.join();
}
