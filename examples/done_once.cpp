// SPDX-License-Identifier: Apache-2.0
// A task says once that it is done, and WaitGroup::go says it for it. The twin with the mistake is
// done_twice.cpp.
// EXPECT: nothing
#include <cstdio>

#include "raddle/raddle.h"

int main() {
  raddle::WaitGroup jobs;
  jobs.go([] { std::printf("work\n"); });
  jobs.wait();
}
