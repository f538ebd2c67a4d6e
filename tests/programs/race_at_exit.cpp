// SPDX-License-Identifier: Apache-2.0
// A detached thread uses what is static while the program ends and destroys it.
// EXPECT: data-race
// EXPECT-REPORT: main has returned, and what is static is destroyed while thread 2 (lambda in main)
// goes on EXPECT-REPORT: hint: let thread 2 (lambda in main) end before main returns
#include <atomic>
#include <thread>

std::atomic<bool> is_used = false;

struct Table {
  ~Table() {
    while (!is_used.load(std::memory_order_relaxed)) std::this_thread::yield();
    entries = 0;  // <- data-race
  }
  int entries = 1;
};
Table table;

int main() {
  std::thread([] {
    table.entries = 2;  // <- data-race
    is_used.store(true, std::memory_order_relaxed);
    for (;;) std::this_thread::yield();
  }).detach();
}
