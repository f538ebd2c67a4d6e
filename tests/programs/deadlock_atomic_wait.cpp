// SPDX-License-Identifier: Apache-2.0
// EXPECT: deadlock
// EXPECT-REPORT: main waits for a change of a std::atomic
// EXPECT-REPORT: thread 2 (lambda in main) waits for a std::barrier
// EXPECT-REPORT: thread 3 (lambda in main) waits for the std::counting_semaphore job.slots
// Nobody changes the value that main waits for, comes to the barrier or gives a permit.
#include <atomic>
#include <barrier>
#include <semaphore>
#include <thread>

struct Job {
  std::counting_semaphore<4> slots{0};
  std::atomic<long> state = 0;
};
Job job;

int main() {
  std::barrier<> both(2);
  std::thread other([&] { both.arrive_and_wait(); });
  std::thread third([] { job.slots.acquire(); });
  job.state.wait(0);  // <- deadlock
  other.join();
  third.join();
}
