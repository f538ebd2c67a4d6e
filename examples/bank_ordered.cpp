// SPDX-License-Identifier: Apache-2.0
// The fixed twin of bank_deadlock.cpp: std::scoped_lock takes both accounts without waiting for one
// while holding the other.
// EXPECT: nothing
// EXPECT-OUTPUT: mine 110, yours 90
#include <cstdio>
#include <mutex>

#include "raddle/raddle.h"

struct Account {
  raddle::Mutex mutex;
  long balance = 100;
};

void transfer(Account& from, Account& to, long amount) {
  std::scoped_lock both(from.mutex, to.mutex);
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  Account mine, yours;
  raddle::WaitGroup transfers;
  transfers.go([&] { transfer(mine, yours, 10); });
  transfers.go([&] { transfer(yours, mine, 20); });
  transfers.wait();
  std::printf("mine %ld, yours %ld\n", mine.balance, yours.balance);
}
