// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Both orders, but a channel keeps them apart in every run.
#include <raddle/raddle.h>

#include <mutex>

raddle::Mutex accounts, journal;
int total, entries;

int main() {
  auto transferred = raddle::make_chan<void>();
  raddle::WaitGroup group;
  group.go([&] {
    {
      std::lock_guard first(accounts);
      std::lock_guard second(journal);
      ++total, ++entries;
    }
    transferred.close();
  });
  group.go([&] {
    transferred.recv();
    std::lock_guard first(journal);
    std::lock_guard second(accounts);
    ++total, ++entries;
  });
  group.wait();
}
