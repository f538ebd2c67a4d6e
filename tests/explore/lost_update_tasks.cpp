// SPDX-License-Identifier: Apache-2.0
// The same with tasks.
#include <raddle/raddle.h>

#include <cstdlib>
#include <mutex>

raddle::Mutex mutex;
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
  raddle::WaitGroup group;
  group.go([] { withdraw(10); });
  group.go([] { withdraw(20); });
  group.wait();
  if (balance != 70) std::abort();
}
