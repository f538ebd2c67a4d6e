// SPDX-License-Identifier: Apache-2.0
// select waits for two channels at once and takes whichever is ready.
// EXPECT: nothing
// EXPECT-OUTPUT: both arrived
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "raddle/raddle.h"

using namespace std::chrono_literals;

int main() {
  auto slow = raddle::make_chan<std::string>();
  auto fast = raddle::make_chan<std::string>();
  raddle::go([slow] {
    raddle::sleep_for(20ms);
    slow.send("slow");
  });
  raddle::go([fast] {
    raddle::sleep_for(5ms);
    fast.send("fast");
  });
  const auto print = [](std::optional<std::string> word) { std::printf("%s\n", word->c_str()); };
  for (int arrived = 0; arrived < 2; ++arrived) {
    raddle::select(raddle::on_recv(slow, print), raddle::on_recv(fast, print));
  }
  std::printf("both arrived\n");
}
