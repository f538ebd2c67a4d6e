// SPDX-License-Identifier: Apache-2.0
// A task says twice that it is done: whoever waits for two tasks may go on after one. The twin is
// done_once.cpp.
// EXPECT: wait-group-misuse
#include <cstdio>

#include "raddle/raddle.h"

void work(raddle::WaitGroup& jobs) {
  jobs.done();
  try {
    jobs.done();  // <- wait-group-misuse
  } catch (const raddle::WaitGroupMisuse& error) {
    std::printf("work: %s\n", error.what());
  }
}

int main() {
  raddle::WaitGroup jobs;
  raddle::WaitGroup tasks;
  jobs.add(1);
  tasks.go([&jobs] { work(jobs); });
  jobs.wait();
  tasks.wait();
}
