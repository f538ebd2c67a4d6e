// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// The fixed twin of deadlock_two_mutexes.
#include <barrier>
#include <mutex>
#include <thread>

std::mutex left;
std::mutex right;
std::barrier both_run(2);
int counter = 0;

int main() {
  std::thread a([] {
    both_run.arrive_and_wait();
    const std::scoped_lock lock(left, right);
    ++counter;
  });
  std::thread b([] {
    both_run.arrive_and_wait();
    const std::scoped_lock lock(right, left);
    ++counter;
  });
  a.join();
  b.join();
}
