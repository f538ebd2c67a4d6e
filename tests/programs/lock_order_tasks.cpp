// SPDX-License-Identifier: Apache-2.0
// EXPECT: lock-order
// One after the other, without anything that orders them:
// ENV: RADDLE_MAXPROCS=1
#include <raddle/raddle.h>

#include <mutex>
#include <shared_mutex>

raddle::Mutex accounts;
raddle::RwMutex rates;
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
  group.go(raddle::name("charge"), charge);
  group.go(raddle::name("change"), change_rate);
  group.wait();
}
