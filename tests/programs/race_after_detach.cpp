// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// The other side of the race has long ended, and 300 short threads have run since.
#include <atomic>
#include <cstdio>
#include <thread>

int value = 0;
std::atomic<int> ended = 0;

void wait_for(int count) {
  while (ended.load(std::memory_order_relaxed) < count) std::this_thread::yield();
}

int main() {
  std::thread([] {
    value = 1;  // <- data-race
    ended.fetch_add(1, std::memory_order_relaxed);
  }).detach();
  wait_for(1);
  for (int i = 0; i < 300; ++i) {
    std::thread([] { ended.fetch_add(1, std::memory_order_relaxed); }).detach();
    wait_for(2 + i);
  }
  std::printf("%d\n", value);  // <- data-race
}
