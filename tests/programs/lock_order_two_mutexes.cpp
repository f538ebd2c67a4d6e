// SPDX-License-Identifier: Apache-2.0
// EXPECT: lock-order
#include <atomic>
#include <mutex>
#include <thread>

std::mutex accounts, journal;
std::atomic<bool> has_transferred = false;
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
  std::thread teller([] {
    transfer();
    // Relaxed: it keeps them apart in this run and orders nothing.
    has_transferred.store(true, std::memory_order_relaxed);
  });
  std::thread auditor([] {
    while (!has_transferred.load(std::memory_order_relaxed)) std::this_thread::yield();
    audit();
  });
  teller.join();
  auditor.join();
}
