// SPDX-License-Identifier: Apache-2.0
// Values that the task runtime keeps for several tasks and that whoever comes last destroys: a
// context's value, a result nobody fetches, an exception, what is left in a channel.
// EXPECT: nothing
// EXPECT-OUTPUT: 230 bytes
#include <chrono>
#include <cstdio>
#include <string>

#include "raddle/raddle.h"

using namespace std::chrono_literals;

const std::string kText = "a text that is too long for its string's own room";

void share_a_context_value() {
  raddle::WaitGroup group;
  {
    const raddle::Context context = raddle::with_value(raddle::background(), "user", kText);
    for (int i = 0; i < 4; ++i) {
      group.go([context] {
        if (context.value<std::string>("user") != kText) std::printf("lost\n");
        raddle::sleep_for(1ms);
      });
    }
  }
  group.wait();
}

void drop_a_result() {
  auto task = raddle::spawn([] { return std::string(60, 'x'); });
}

void fail() {
  raddle::TaskGroup group;
  group.go([] { throw std::string(kText); });
  try {
    group.wait();
  } catch (const std::string&) {
  }
}

void leave_values_in_a_channel() {
  auto channel = raddle::make_chan<std::string>(4);
  raddle::WaitGroup group;
  for (int i = 0; i < 4; ++i) group.go([channel] { channel.send(kText + "?"); });
  group.wait();
}

void send_from_an_owning_end() {
  auto [tx, rx] = raddle::channel<std::string>(2);
  raddle::go([sender = std::move(tx)] {
    for (int i = 0; i < 5; ++i) sender.send(kText.substr(0, 46));
  });
  std::size_t bytes = 0;
  for (const std::string& text : rx) bytes += text.size();
  std::printf("%zu bytes\n", bytes);
}

int main() {
  share_a_context_value();
  drop_a_result();
  fail();
  leave_values_in_a_channel();
  send_from_an_owning_end();
  raddle::Ticker ticker(1ms);
  for (int i = 0; i < 3; ++i) ticker.channel().recv();
}
