// SPDX-License-Identifier: Apache-2.0
// Two writes of which a lock, taken behind the one and before the other, decides by chance that the
// one comes first. With FIXED both are under the lock.
#include <mutex>
#include <thread>

std::mutex mutex;
int value = 0;

int main() {
#ifdef FIXED
  std::thread one([] {
    const std::lock_guard lock(mutex);
    value = 1;
  });
  std::thread two([] {
    const std::lock_guard lock(mutex);
    value = 2;
  });
#else
  std::thread one([] {
    value = 1;
    const std::lock_guard lock(mutex);
  });
  std::thread two([] {
    {
      const std::lock_guard lock(mutex);
    }
    value = 2;
  });
#endif
  one.join();
  two.join();
}
