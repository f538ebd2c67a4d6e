// SPDX-License-Identifier: Apache-2.0
// A deposit and a withdrawal each read and write the balance in two critical sections.
#include "bench/explore/problem.h"

Mutex mutex;
int balance = 100;

void change(int by) {
  Lock lock(mutex);
  const int before = balance;
#ifndef FIXED
  lock.unlock();
  lock.lock();
#endif
  balance = before + by;
}

void problem() {
  Group group;
  group.go([] { change(50); });
  group.go([] { change(-30); });
  group.wait();
  require(balance == 120);
}
