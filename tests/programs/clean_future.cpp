// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 46
#include <cstdio>
#include <future>
#include <numeric>
#include <thread>
#include <vector>

int main() {
  std::promise<std::vector<int>> promise;
  std::future<std::vector<int>> numbers = promise.get_future();
  std::thread producer([&] {
    std::vector<int> made(10);
    std::iota(made.begin(), made.end(), 0);
    promise.set_value(std::move(made));
  });
  auto later = std::async(std::launch::async, [] { return std::vector<int>{1}; });
  const std::vector<int> got = numbers.get();
  producer.join();
  std::packaged_task<int()> task([] { return 0; });
  std::future<int> zero = task.get_future();
  std::thread(std::move(task)).detach();
  std::printf("%d\n", std::accumulate(got.begin(), got.end(), later.get()[0]) + zero.get());
}
