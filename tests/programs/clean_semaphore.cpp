// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Semaphores as a lock, as a ring's two counters, as a wait for many, and as a lock that readers
// share.
#include <semaphore.h>

#include <thread>
#include <vector>

constexpr int kRounds = 200;
constexpr int kReaders = 3;

struct Semaphore {
  explicit Semaphore(unsigned permits) { sem_init(&semaphore, 0, permits); }
  ~Semaphore() { sem_destroy(&semaphore); }
  void acquire(int count = 1) {
    while (count-- > 0) sem_wait(&semaphore);
  }
  void release(int count = 1) {
    while (count-- > 0) sem_post(&semaphore);
  }
  sem_t semaphore;
};

Semaphore lock(1), free_slots(4), full_slots(0), done(0), writers(1), shares(kReaders);
int total = 0, shared_value = 0;
int ring[4];
int results[kReaders];

void produce() {
  for (int i = 0; i < kRounds; ++i) {
    free_slots.acquire();
    ring[i % 4] = i;
    full_slots.release();
  }
}

void consume() {
  for (int i = 0; i < kRounds; ++i) {
    full_slots.acquire();
    results[0] += ring[i % 4];
    free_slots.release();
  }
}

void read_and_write(int index) {
  for (int i = 0; i < kRounds; ++i) {
    shares.acquire();
    results[index] += shared_value;
    shares.release();
    if (i % 10 != 0) continue;
    writers.acquire();
    shares.acquire(kReaders);
    ++shared_value;
    shares.release(kReaders);
    writers.release();
  }
}

void count(int index) {
  for (int i = 0; i < kRounds; ++i) {
    lock.acquire();
    ++total;
    lock.release();
  }
  results[index] = index;
  done.release();
}

template <typename F>
std::vector<std::thread> start(F&& run) {
  std::vector<std::thread> threads;
  for (int index = 0; index < kReaders; ++index) threads.emplace_back(run, index);
  return threads;
}

void join(std::vector<std::thread> threads) {
  for (std::thread& thread : threads) thread.join();
}

int main() {
  auto counters = start(count);
  done.acquire(kReaders);
  for (int& result : results) result = 0;
  join(std::move(counters));
  std::thread producer(produce);
  consume();
  producer.join();
  join(start(read_and_write));
}
