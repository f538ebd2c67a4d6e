// SPDX-License-Identifier: Apache-2.0
// Two permits each, taken one by one: both may hold one and wait for the other. Fixed: a barrier
// first and the permits under a lock.
#include <barrier>
#include <mutex>
#include <semaphore>
#include <thread>

std::counting_semaphore<2> permits(2);
std::mutex both;
std::barrier<> start(2);

void work() {
  start.arrive_and_wait();
#ifdef FIXED
  const std::lock_guard lock(both);
#endif
  permits.acquire();
  permits.acquire();
  permits.release(2);
}

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
}
