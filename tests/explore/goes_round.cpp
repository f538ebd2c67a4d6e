// SPDX-License-Identifier: Apache-2.0
// A lock of tickets: whoever comes takes the next number and waits until it is called, by looking
// again and again. Two may take the same one; then a number is called that nobody has, and who
// comes next goes round for ever. Fixed: a number is taken in one step. With TASKS tasks, which
// give way.
#include <raddle/raddle.h>

#include <atomic>
#include <thread>

std::atomic<int> next_ticket = 0;
std::atomic<int> called = 0;

void lock() {
#ifdef FIXED
  const int own = next_ticket.fetch_add(1);
#else
  const int own = next_ticket.load();
  next_ticket.store(own + 1);
#endif
  while (called.load() != own) {
#ifdef TASKS
    raddle::yield();
#endif
  }
}

void unlock() { called.store(called.load() + 1); }

void work() {
  for (int i = 0; i < 3; ++i) {
    lock();
    unlock();
  }
}

int main() {
#ifdef TASKS
  raddle::WaitGroup group;
  for (int i = 0; i < 2; ++i) group.go(work);
  group.wait();
#else
  std::thread one(work);
  std::thread other(work);
  one.join();
  other.join();
#endif
}
