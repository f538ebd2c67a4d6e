// SPDX-License-Identifier: Apache-2.0
// Threads: no data race, but another may withdraw between the reading and the writing.
#include <cstdlib>
#include <mutex>
#include <thread>

std::mutex mutex;
int balance = 100;

void withdraw(int amount) {
  std::unique_lock lock(mutex);
  const int before = balance;
#ifndef FIXED
  lock.unlock();
  lock.lock();
#endif
  balance = before - amount;
}

int main() {
  std::thread one(withdraw, 10);
  std::thread two(withdraw, 20);
  one.join();
  two.join();
  if (balance != 70) std::abort();
}
