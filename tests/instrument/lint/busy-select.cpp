// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

#include <chrono>

using namespace std::chrono_literals;
void work();

void bad(raddle::RecvChan<int> channel) {
  for (;;) {
    raddle::select(raddle::on_recv(channel), raddle::otherwise());  // bad
  }
}

void it_blocks(raddle::RecvChan<int> channel) {
  for (;;) raddle::select(raddle::on_recv(channel));
}

void it_sleeps(raddle::RecvChan<int> channel) {
  for (;;) {
    raddle::select(raddle::on_recv(channel), raddle::otherwise([] { raddle::sleep_for(1ms); }));
  }
}

void it_works_between(raddle::RecvChan<int> channel) {
  for (;;) {
    raddle::select(raddle::on_recv(channel), raddle::otherwise());
    work();
  }
}

void it_asks_once(raddle::RecvChan<int> channel) {
  raddle::select(raddle::on_recv(channel), raddle::otherwise());
}

void it_asks_until_nothing_is_left(raddle::RecvChan<int> channel) {
  for (;;) {
    bool is_empty = false;
    raddle::select(raddle::on_recv(channel), raddle::otherwise([&] { is_empty = true; }));
    if (is_empty) return;
  }
}
