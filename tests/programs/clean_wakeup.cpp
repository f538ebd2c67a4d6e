// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Who looks under the mutex before it waits needs no notify that came earlier.
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable changed;
bool is_ready = false;

int main() {
  {
    const std::lock_guard lock(mutex);
    is_ready = true;
  }
  changed.notify_one();
  std::thread consumer([] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [] { return is_ready; });
  });
  consumer.join();
}
