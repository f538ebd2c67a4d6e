// SPDX-License-Identifier: Apache-2.0
// Four tasks count without a lock: a data race. The twin safe_counter.cpp has the lock.
// EXPECT: data-race
#include <cstdio>

#include "raddle/raddle.h"

struct Counter {
  void increment() { ++value; }  // <- data-race
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
