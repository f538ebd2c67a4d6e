// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// Another thread's relaxed store cuts the release sequence: who reads it has nothing of the
// release.
#include <atomic>
#include <cstdio>
#include <thread>

int value = 0;
std::atomic<int> stage = 0;

void wait_for(int least) {
  while (stage.load(std::memory_order_relaxed) < least) std::this_thread::yield();
}

int main() {
  std::thread producer([] {
    value = 42;  // <- data-race
    stage.store(1, std::memory_order_release);
  });
  std::thread other([] {
    wait_for(1);
    stage.store(2, std::memory_order_relaxed);
  });
  wait_for(2);
  if (stage.load(std::memory_order_acquire) != 2) return 1;
  std::printf("%d\n", value);  // <- data-race
  producer.join();
  other.join();
}
