// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 4000
// Locks and hand-overs that only ThreadSanitizer's annotations tell of.
#include <atomic>
#include <cstdio>
#include <thread>

extern "C" {
void __tsan_acquire(void*);
void __tsan_release(void*);
void __tsan_mutex_pre_lock(void*, unsigned);
void __tsan_mutex_post_lock(void*, unsigned, int);
int __tsan_mutex_pre_unlock(void*, unsigned);
void __tsan_mutex_post_unlock(void*, unsigned);
void AnnotateHappensBefore(const char*, int, const volatile void*);
void AnnotateHappensAfter(const char*, int, const volatile void*);
}

std::atomic<bool> taken = false;  // relaxed: the annotations alone order
std::atomic<int> stage = 0;
int counter = 0;
int first = 0;
int second = 0;

void count() {
  for (int i = 0; i < 2000; ++i) {
    __tsan_mutex_pre_lock(&taken, 0);
    while (taken.exchange(true, std::memory_order_relaxed)) std::this_thread::yield();
    __tsan_mutex_post_lock(&taken, 0, 0);
    ++counter;
    __tsan_mutex_pre_unlock(&taken, 0);
    taken.store(false, std::memory_order_relaxed);
    __tsan_mutex_post_unlock(&taken, 0);
  }
}

void wait_for(int value) {
  while (stage.load(std::memory_order_relaxed) < value) std::this_thread::yield();
}

int main() {
  std::thread other([] {
    first = 1;
    __tsan_release(&first);
    stage.store(1, std::memory_order_relaxed);
    second = 1;
    AnnotateHappensBefore(__FILE__, __LINE__, &second);
    stage.store(2, std::memory_order_relaxed);
    count();
  });
  wait_for(1);
  __tsan_acquire(&first);
  ++first;
  wait_for(2);
  AnnotateHappensAfter(__FILE__, __LINE__, &second);
  ++second;
  count();
  other.join();
  std::printf("%d\n", counter);
}
