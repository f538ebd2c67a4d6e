// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 499500
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

class Queue {
 public:
  void put(std::unique_ptr<int> value) {
    {
      const std::lock_guard lock(mutex_);
      values_.push_back(std::move(value));
    }
    has_value_.notify_one();
  }
  std::unique_ptr<int> take() {
    std::unique_lock lock(mutex_);
    has_value_.wait(lock, [&] { return !values_.empty(); });
    auto value = std::move(values_.front());
    values_.pop_front();
    return value;
  }

 private:
  std::mutex mutex_;
  std::condition_variable has_value_;
  std::deque<std::unique_ptr<int>> values_;
};

int main() {
  Queue queue;
  std::thread producer([&] {
    for (int i = 0; i < 1000; ++i) queue.put(std::make_unique<int>(i));
    queue.put(nullptr);
  });
  int sum = 0;
  while (auto value = queue.take()) sum += *value;
  producer.join();
  std::printf("%d\n", sum);
}
