// SPDX-License-Identifier: Apache-2.0
// Four tasks count under a Mutex: the fixed twin of unsafe_counter.cpp.
// EXPECT: nothing
// EXPECT-OUTPUT: counted to 4000
#include <cstdio>
#include <mutex>

#include "raddle/raddle.h"

struct Counter {
  void increment() {
    std::lock_guard lock(mutex);
    ++value;
  }
  raddle::Mutex mutex;
  int value = 0;
};

int main() {
  Counter counter;
  raddle::WaitGroup group;
  for (int task = 0; task < 4; ++task) {
    group.go([&counter] {
      for (int i = 0; i < 1000; ++i) counter.increment();
    });
  }
  group.wait();
  std::printf("counted to %d\n", counter.value);
}
