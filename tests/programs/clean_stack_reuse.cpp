// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 300
// Detached threads one after another on the same stack, ordered by nothing but their count.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> ended = 0;

__attribute__((noinline)) void fill(int* place, int count, int value) {
  for (int i = 0; i < count; ++i) place[i] = value;
}

int main() {
  for (int i = 0; i < 300; ++i) {
    std::thread([i] {
      int local[64];
      fill(local, 64, i);
      ended.fetch_add(local[63] == i ? 1 : 0, std::memory_order_relaxed);
    }).detach();
    while (ended.load(std::memory_order_relaxed) <= i) std::this_thread::yield();
  }
  std::printf("%d\n", ended.load());
}
