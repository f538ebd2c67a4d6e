// SPDX-License-Identifier: Apache-2.0
// Two transfers in opposite directions lock the accounts in opposite orders.
#include "bench/explore/problem.h"

struct Account {
  Mutex mutex;
  int balance = 100;
};
Account accounts[2];

void transfer(int from, int to) {
#ifdef FIXED
  const std::scoped_lock both(accounts[from].mutex, accounts[to].mutex);
#else
  const Lock one(accounts[from].mutex);
  const Lock two(accounts[to].mutex);
#endif
  --accounts[from].balance;
  ++accounts[to].balance;
}

void problem() {
  Group group;
  group.go([] { transfer(0, 1); });
  group.go([] { transfer(1, 0); });
  group.wait();
  require(accounts[0].balance + accounts[1].balance == 200);
}
