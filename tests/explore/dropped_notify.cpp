// SPDX-License-Identifier: Apache-2.0
// A condition variable: the notify may come before the wait. Fixed: the wait has a predicate.
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable changed;
bool is_ready = false;

int main() {
  std::thread producer([] {
    const std::lock_guard lock(mutex);
    is_ready = true;
    changed.notify_one();
  });
  {
    std::unique_lock lock(mutex);
#ifdef FIXED
    changed.wait(lock, [] { return is_ready; });
#else
    changed.wait(lock);
#endif
  }
  producer.join();
}
