// SPDX-License-Identifier: Apache-2.0
#include <mutex>

void work();
void quick() noexcept;
std::mutex mutex;
int total;

void bad() {
  mutex.lock();  // bad
  work();
  mutex.unlock();
}

void guarded() {
  std::lock_guard guard(mutex);
  work();
}

void nothing_throws() {
  mutex.lock();
  ++total;
  quick();
  mutex.unlock();
}

void by_a_unique_lock() {
  std::unique_lock lock(mutex, std::defer_lock);
  lock.lock();
  work();
  lock.unlock();
}
