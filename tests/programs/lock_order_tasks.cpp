// SPDX-License-Identifier: Apache-2.0
// EXPECT: lock-order
#include <raddle/raddle.h>

#include <atomic>
#include <mutex>
#include <shared_mutex>

raddle::Mutex accounts;
raddle::RwMutex rates;
std::atomic<bool> has_charged = false;
int total, rate = 2;

void charge() {
  std::lock_guard first(accounts);
  std::shared_lock second(rates);  // <- lock-order
  total += rate;
}

void change_rate() {
  std::lock_guard first(rates);
  std::lock_guard second(accounts);  // <- lock-order
  rate = total > 0 ? 1 : 2;
}

int main() {
  raddle::WaitGroup group;
  group.go(raddle::name("charge"), [] {
    charge();
    // Relaxed: it keeps them apart in this run and orders nothing.
    has_charged.store(true, std::memory_order_relaxed);
  });
  group.go(raddle::name("change"), [] {
    while (!has_charged.load(std::memory_order_relaxed)) raddle::yield();
    change_rate();
  });
  group.wait();
}
