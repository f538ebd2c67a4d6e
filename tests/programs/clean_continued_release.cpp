// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 42
// Another thread's relaxed read-modify-write continues the release sequence.
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
    value = 42;
    stage.store(1, std::memory_order_release);
  });
  std::thread other([] {
    wait_for(1);
    stage.fetch_add(1, std::memory_order_relaxed);
  });
  wait_for(2);
  if (stage.load(std::memory_order_acquire) != 2) return 1;
  std::printf("%d\n", value);
  producer.join();
  other.join();
}
