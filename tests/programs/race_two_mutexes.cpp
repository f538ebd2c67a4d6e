// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// EXPECT-REPORT: why: they hold different locks
// Each thread locks, but not the same mutex.
#include <mutex>
#include <thread>

std::mutex left;
std::mutex right;
int counter = 0;

int main() {
  std::thread a([] {
    const std::lock_guard lock(left);
    ++counter;  // <- data-race
  });
  std::thread b([] {
    const std::lock_guard lock(right);
    ++counter;
  });
  a.join();
  b.join();
}
