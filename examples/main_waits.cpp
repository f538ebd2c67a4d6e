// SPDX-License-Identifier: Apache-2.0
// The fixed twin of main_returns_early.cpp: main joins its task.
// EXPECT: nothing
// EXPECT-OUTPUT: saved
#include <chrono>
#include <cstdio>

#include "raddle/raddle.h"

using namespace std::chrono_literals;

int main() {
  raddle::Task<void> saver = raddle::spawn([] {
    raddle::sleep_for(20ms);
    std::printf("saved\n");
  });
  saver.join();
}
