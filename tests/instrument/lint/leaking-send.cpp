// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

#include <chrono>

using namespace std::chrono_literals;
int fetch();

int bad() {
  auto result = raddle::make_chan<int>();
  raddle::go([result] {
    result.send(fetch());  // bad
  });
  int value = -1;
  raddle::select(raddle::on_recv(result, [&](auto got) { value = *got; }),
                 raddle::on_timeout(10ms));
  return value;
}

int bad_with_a_context(raddle::Context context) {
  raddle::Chan<int> result = raddle::make_chan<int>(0);
  raddle::go([=] {
    result.send(fetch());  // bad
  });
  int value = -1;
  raddle::select(raddle::on_recv(result, [&](auto got) { value = *got; }),
                 raddle::on_recv(context.done()));
  return value;
}

int with_room() {
  auto result = raddle::make_chan<int>(1);
  raddle::go([result] { result.send(fetch()); });
  raddle::select(raddle::on_recv(result), raddle::on_timeout(10ms));
  return 0;
}

int received_later() {
  auto result = raddle::make_chan<int>();
  raddle::go([result] { result.send(fetch()); });
  raddle::select(raddle::on_recv(result), raddle::on_timeout(10ms));
  return *result.recv();
}

void received_again() {
  auto result = raddle::make_chan<int>();
  raddle::go([result] { result.send(fetch()); });
  for (int i = 0; i < 3; ++i) {
    raddle::select(raddle::on_recv(result), raddle::on_timeout(10ms));
  }
}

void the_sender_may_leave_too(raddle::Context context) {
  auto result = raddle::make_chan<int>();
  raddle::go(
      [=] { raddle::select(raddle::on_send(result, fetch()), raddle::on_recv(context.done())); });
  raddle::select(raddle::on_recv(result), raddle::on_recv(context.done()));
}
