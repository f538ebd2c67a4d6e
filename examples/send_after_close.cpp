// SPDX-License-Identifier: Apache-2.0
// Two tasks share the sending end of a channel: one still sends when the other has closed it. The
// twin is sender_closes.cpp.
// EXPECT: channel-misuse
#include <chrono>
#include <cstdio>

#include "raddle/raddle.h"

using namespace std::chrono_literals;

void measure(raddle::SendChan<int> values) {
  try {
    for (int value = 0;; ++value) {
      values.send(value);  // <- channel-misuse
      raddle::sleep_for(1ms);
    }
  } catch (const raddle::ClosedChannel& error) {
    std::printf("measure: %s\n", error.what());
  }
}

void stop(raddle::SendChan<int> values) {
  raddle::sleep_for(5ms);
  values.close();
}

int main() {
  auto values = raddle::make_chan<int>(16);
  raddle::WaitGroup tasks;
  tasks.go([values] { measure(values); });
  tasks.go([values] { stop(values); });
  tasks.wait();
}
