// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// Readers of a shared_mutex that write.
#include <shared_mutex>
#include <thread>

std::shared_mutex mutex;
int hits = 0;

int main() {
  auto look = [] {
    const std::shared_lock lock(mutex);
    ++hits;  // <- data-race
  };
  std::thread a(look);
  std::thread b(look);
  a.join();
  b.join();
}
