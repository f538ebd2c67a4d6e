// SPDX-License-Identifier: Apache-2.0
// Two transfers in opposite directions lock the two accounts in opposite orders and wait for each
// other for ever. The twin bank_ordered.cpp locks both at once.
// EXPECT: deadlock
#include <cstdio>
#include <mutex>

#include "raddle/raddle.h"

struct Account {
  raddle::Mutex mutex;
  long balance = 100;
};

// Both transfers hold their first account before either asks for the second.
void transfer(Account& from, Account& to, long amount, raddle::WaitGroup& both_hold_one) {
  std::lock_guard first(from.mutex);  // <- deadlock
  both_hold_one.done();
  both_hold_one.wait();
  std::lock_guard second(to.mutex);  // <- deadlock
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  Account mine, yours;
  raddle::WaitGroup both_hold_one, transfers;
  both_hold_one.add(2);
  transfers.go([&] { transfer(mine, yours, 10, both_hold_one); });
  transfers.go([&] { transfer(yours, mine, 20, both_hold_one); });
  transfers.wait();
  std::printf("mine %ld, yours %ld\n", mine.balance, yours.balance);
}
