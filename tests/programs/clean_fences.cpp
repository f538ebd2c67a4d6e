// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 42
// The fixed twin of race_relaxed_flag.
#include <atomic>
#include <cstdio>
#include <thread>

int value = 0;
std::atomic<bool> is_ready = false;

int main() {
  std::thread producer([] {
    value = 42;
    std::atomic_thread_fence(std::memory_order_release);
    is_ready.store(true, std::memory_order_relaxed);
  });
  while (!is_ready.load(std::memory_order_relaxed)) std::this_thread::yield();
  std::atomic_thread_fence(std::memory_order_acquire);
  std::printf("%d\n", value);
  producer.join();
}
