// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// A relaxed flag hands nothing over.
#include <atomic>
#include <cstdio>
#include <thread>

int value = 0;
std::atomic<bool> is_ready = false;

int main() {
  std::thread producer([] {
    value = 42;  // <- data-race
    is_ready.store(true, std::memory_order_relaxed);
  });
  while (!is_ready.load(std::memory_order_relaxed)) std::this_thread::yield();
  std::printf("%d\n", value);  // <- data-race
  producer.join();
}
