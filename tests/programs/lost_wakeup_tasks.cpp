// SPDX-License-Identifier: Apache-2.0
// EXPECT: lost-wakeup
#include <raddle/raddle.h>

#include <mutex>

raddle::Mutex mutex;
raddle::Cond changed;
int jobs = 0;

int main() {
  raddle::WaitGroup group;
  group.go(raddle::name("producer"), [] {
    {
      const std::lock_guard lock(mutex);
      jobs = 1;
    }
    changed.notify_all();  // <- lost-wakeup
  });
  group.wait();
  group.go(raddle::name("consumer"), [] {
    std::unique_lock lock(mutex);
    changed.wait(lock);  // <- lost-wakeup
    --jobs;
  });
  group.wait();
}
