// SPDX-License-Identifier: Apache-2.0
// EXPECT: deadlock
// EXPECT-REPORT: waits to lock right (mutex
#include <barrier>
#include <mutex>
#include <thread>

std::mutex left;
std::mutex right;
std::barrier both_hold(2);

int main() {
  std::thread a([] {
    const std::lock_guard first(left);
    both_hold.arrive_and_wait();
    const std::lock_guard second(right);  // <- deadlock
  });
  std::thread b([] {
    const std::lock_guard first(right);
    both_hold.arrive_and_wait();
    const std::lock_guard second(left);  // <- deadlock
  });
  a.join();
  b.join();
}
