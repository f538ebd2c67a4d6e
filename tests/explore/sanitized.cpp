// SPDX-License-Identifier: Apache-2.0
// Threads and tasks under AddressSanitizer, which starts threads through functions of its own, and
// searches for leaks at the end.
#include <raddle/raddle.h>

#include <mutex>
#include <thread>
#include <vector>

int main() {
  std::mutex mutex;
  std::vector<int> numbers;
  const auto add = [&] {
    const std::lock_guard lock(mutex);
    numbers.push_back(1);
  };
  std::thread other(add);
  add();
  other.join();

  raddle::Mutex task_mutex;
  raddle::WaitGroup group;
  for (int i = 0; i < 3; ++i) {
    group.go([&] {
      const std::lock_guard lock(task_mutex);
      numbers.push_back(2);
    });
  }
  group.wait();
  return numbers.size() == 5 ? 0 : 1;
}
