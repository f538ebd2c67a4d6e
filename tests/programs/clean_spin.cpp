// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 4000
// A spin lock of one's own, and pthread's.
#include <pthread.h>

#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

class SpinLock {
 public:
  void lock() {
    while (is_held_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
  }
  void unlock() { is_held_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool> is_held_ = false;
};

SpinLock own;
pthread_spinlock_t posix;
int counter = 0;
int other = 0;

int main() {
  pthread_spin_init(&posix, PTHREAD_PROCESS_PRIVATE);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 1000; ++i) {
        own.lock();
        ++counter;
        own.unlock();
        pthread_spin_lock(&posix);
        ++other;
        pthread_spin_unlock(&posix);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf("%d\n", counter);
}
