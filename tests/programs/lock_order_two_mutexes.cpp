// SPDX-License-Identifier: Apache-2.0
// EXPECT: lock-order
// One after the other, without anything that orders them:
// ENV: RADDLE_OPTIONS=strategy=pct:depth=1:seed=1
#include <mutex>
#include <thread>

std::mutex accounts, journal;
int total, entries;

void transfer() {
  std::lock_guard first(accounts);
  std::lock_guard second(journal);  // <- lock-order
  ++total, ++entries;
}

void audit() {
  std::lock_guard first(journal);
  std::lock_guard second(accounts);  // <- lock-order
  ++total, ++entries;
}

int main() {
  std::thread teller(transfer);
  std::thread auditor(audit);
  teller.join();
  auditor.join();
}
