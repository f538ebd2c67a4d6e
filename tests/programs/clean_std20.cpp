// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 40
// Barrier, latch, semaphore, jthread, stop token and atomic wait of C++20.
#include <atomic>
#include <barrier>
#include <cstdio>
#include <latch>
#include <semaphore>
#include <stop_token>
#include <thread>
#include <vector>

constexpr int kThreads = 4;
int cells[kThreads];
int sum = 0;
int guarded = 0;

int main() {
  std::latch started(kThreads);
  std::barrier phase(kThreads, []() noexcept {
    for (const int cell : cells) sum += cell;
  });
  std::binary_semaphore turn(1);
  std::atomic<int> go = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        started.count_down();
        go.wait(0);
        for (int round = 0; round < 4; ++round) {
          cells[t] = round + (round == 0 ? 0 : 1) + 0 * sum;
          phase.arrive_and_wait();
        }
        turn.acquire();
        ++guarded;
        turn.release();
      });
    }
    started.wait();
    go.store(1);
    go.notify_all();
    std::jthread stoppable([](std::stop_token token) {
      while (!token.stop_requested()) std::this_thread::yield();
    });
  }
  std::printf("%d\n", sum + guarded);
}
