// SPDX-License-Identifier: Apache-2.0
// Who sends closes, when told to stop: nobody sends behind the close. The twin with the mistake is
// send_after_close.cpp.
// EXPECT: nothing
#include <chrono>

#include "raddle/raddle.h"

using namespace std::chrono_literals;

void measure(raddle::SendChan<int> values, raddle::RecvChan<int> stop) {
  for (int value = 0; value < 1000; ++value) {
    if (stop.try_recv()) break;
    values.send(value);
    raddle::sleep_for(1ms);
  }
  values.close();
}

int main() {
  auto values = raddle::make_chan<int>(2000);
  auto stop = raddle::make_chan<int>(1);
  raddle::WaitGroup tasks;
  tasks.go([values, stop] { measure(values, stop); });
  tasks.go([stop] {
    raddle::sleep_for(5ms);
    stop.send(1);
  });
  tasks.wait();
}
