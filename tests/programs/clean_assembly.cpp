// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// A spin lock whose operations are inline assembly, as libraries older than <atomic> have them.
#include <thread>

class SpinLock {
 public:
  void lock() {
    while (exchange(1) != 0) std::this_thread::yield();
  }
  void unlock() { exchange(0); }

 private:
  int exchange(int value) {
#if defined(__x86_64__)
    __asm__ volatile("xchgl %0, %1" : "+r"(value), "+m"(word_) : : "memory");
    return value;
#else
    return __atomic_exchange_n(&word_, value, __ATOMIC_SEQ_CST);
#endif
  }
  int word_ = 0;
};

SpinLock spin;
int total = 0;

void add() {
  for (int i = 0; i < 200; ++i) {
    spin.lock();
    ++total;
    spin.unlock();
  }
}

int main() {
  std::thread other(add);
  add();
  other.join();
  return total == 400 ? 0 : 1;
}
