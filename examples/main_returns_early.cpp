// SPDX-License-Identifier: Apache-2.0
// main does not wait for its task, which ends with the process before its work is done. The twin is
// main_waits.cpp.
// EXPECT: task-leak
#include <chrono>
#include <cstdio>

#include "raddle/raddle.h"

using namespace std::chrono_literals;

int main() {
  raddle::go(raddle::name("saver"), [] {  // <- task-leak
    raddle::sleep_for(10s);
    std::printf("saved\n");
  });
}
