// SPDX-License-Identifier: Apache-2.0
// EXPECT: heap-use-after-free
// EXPECT-REPORT: a block of 4 bytes that
// The free is not ordered behind the other thread's use, though this time it came later.
#include <atomic>
#include <thread>

int* block = new int(1);
std::atomic<bool> was_used = false;

int main() {
  std::thread user([] {
    ++*block;  // <- heap-use-after-free
    was_used.store(true, std::memory_order_relaxed);
  });
  while (!was_used.load(std::memory_order_relaxed)) std::this_thread::yield();
  delete block;
  user.join();
}
