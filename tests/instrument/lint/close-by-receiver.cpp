// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

void bad() {
  auto channel = raddle::make_chan<int>(1);
  raddle::go([channel] { channel.send(1); });
  channel.recv();
  channel.close();  // bad
}

void the_sender_closes() {
  auto channel = raddle::make_chan<int>(1);
  raddle::go([channel] {
    channel.send(1);
    channel.close();
  });
  channel.recv();
}

void the_senders_are_done() {
  auto channel = raddle::make_chan<int>(2);
  raddle::WaitGroup senders;
  senders.go([channel] { channel.send(1); });
  senders.wait();
  channel.close();
  for (int value : channel) static_cast<void>(value);
}
