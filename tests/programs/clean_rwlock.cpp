// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 200
#include <cstdio>
#include <shared_mutex>
#include <thread>
#include <vector>

std::shared_mutex mutex;
int value = 0;

int main() {
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 100; ++i) {
        const std::lock_guard lock(mutex);
        ++value;
      }
    });
    threads.emplace_back([] {
      int sum = 0;
      for (int i = 0; i < 100; ++i) {
        const std::shared_lock lock(mutex);
        sum += value;
      }
      volatile int sink = sum;
      (void)sink;
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf("%d\n", value);
}
