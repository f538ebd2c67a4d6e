// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 84
// Futures that become ready when their thread has ended, behind its thread-local destructors.
#include <cstdio>
#include <future>
#include <thread>

struct Farewell {
  int* value = nullptr;
  ~Farewell() {
    if (value != nullptr) *value += 1;
  }
};
thread_local Farewell farewell;

int by_promise() {
  int left = 0;
  std::promise<int> promise;
  std::future<int> value = promise.get_future();
  std::thread([&left, promise = std::move(promise)]() mutable {
    farewell.value = &left;
    promise.set_value_at_thread_exit(40);
    left = 1;
  }).detach();
  return value.get() + left;
}

int by_task() {
  int left = 0;
  std::packaged_task<int()> task([&left] {
    left = 1;
    return 40;
  });
  std::future<int> value = task.get_future();
  std::thread thread([&left, &task] {
    farewell.value = &left;
    task.make_ready_at_thread_exit();
  });
  const int sum = value.get() + left;
  thread.join();
  return sum;
}

int main() {
  // Nobody waits for the last one's state: it is gone when its thread ends.
  std::thread([] { std::promise<int>().set_value_at_thread_exit(1); }).join();
  std::printf("%d\n", by_promise() + by_task());
}
