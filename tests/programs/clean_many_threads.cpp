// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 400
// ARGS: 100 300
// Many threads at a time, and many more one behind the other: the arguments say how many.
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

std::mutex mutex;
std::condition_variable all_there;
int there = 0;
long total = 0;

void meet(int wanted) {
  std::unique_lock lock(mutex);
  ++total;
  if (++there == wanted) all_there.notify_all();
  all_there.wait(lock, [&] { return there == wanted; });
}

void add() {
  const std::lock_guard lock(mutex);
  ++total;
}

int main(int count, char** arguments) {
  const int at_a_time = count > 1 ? std::atoi(arguments[1]) : 100;
  const int in_turn = count > 2 ? std::atoi(arguments[2]) : 1000;
  std::vector<std::thread> threads;
  for (int i = 0; i < at_a_time; ++i) threads.emplace_back(meet, at_a_time);
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < in_turn; i += 2) {
    std::thread one(add);
    std::thread two(add);
    one.join();
    two.join();
  }
  std::printf("%ld\n", total);
}
