// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Both orders, but std::scoped_lock only tries the second lock, and waits with none in hand.
#include <mutex>
#include <thread>

std::mutex accounts, journal;
int total, entries;

void transfer() {
  const std::scoped_lock both(accounts, journal);
  ++total, ++entries;
}

void audit() {
  const std::scoped_lock both(journal, accounts);
  ++total, ++entries;
}

int main() {
  std::thread teller([] {
    for (int i = 0; i < 200; ++i) transfer();
  });
  std::thread auditor([] {
    for (int i = 0; i < 200; ++i) audit();
  });
  teller.join();
  auditor.join();
}
