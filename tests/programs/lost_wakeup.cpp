// SPDX-License-Identifier: Apache-2.0
// EXPECT: lost-wakeup
// Nothing remembers a notify: who comes later waits for ever, unless it looks first.
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
  changed.notify_one();  // <- lost-wakeup
  std::thread consumer([] {
    std::unique_lock lock(mutex);
    changed.wait(lock);  // <- lost-wakeup
  });
  consumer.join();
}
