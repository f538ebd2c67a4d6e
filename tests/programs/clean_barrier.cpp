// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Rounds of a barrier, and of the C++ library's own.
#include <pthread.h>

#include <barrier>
#include <thread>
#include <vector>

constexpr int kThreads = 4;
constexpr int kRounds = 50;

pthread_barrier_t all;
std::barrier own(kThreads);
int values[kThreads];
int seen[kThreads];

void exchange(int index) {
  for (int round = 0; round < kRounds; ++round) {
    values[index] = round;
    pthread_barrier_wait(&all);
    for (int value : values) seen[index] += value;
    pthread_barrier_wait(&all);
  }
}

void exchange_by_own(int index) {
  for (int round = 0; round < kRounds; ++round) {
    values[index] = round;
    own.arrive_and_wait();
    for (int value : values) seen[index] += value;
    own.arrive_and_wait();
  }
}

void run(void (*function)(int)) {
  std::vector<std::thread> threads;
  for (int index = 0; index < kThreads; ++index) threads.emplace_back(function, index);
  for (std::thread& thread : threads) thread.join();
}

int main() {
  pthread_barrier_init(&all, nullptr, kThreads);
  run(exchange);
  run(exchange_by_own);
  pthread_barrier_destroy(&all);
}
