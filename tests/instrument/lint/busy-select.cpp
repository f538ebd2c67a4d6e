// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

#include <chrono>

using namespace std::chrono_literals;
void work();
void compute() noexcept;

void bad(raddle::RecvChan<int> channel) {
  for (;;) {
    raddle::select(raddle::on_recv(channel), raddle::otherwise());  // bad
  }
}

void bad_without_braces(raddle::RecvChan<int> channel, const bool& is_stopped) {
  while (!is_stopped) raddle::select(raddle::on_recv(channel), raddle::otherwise());  // bad
}

void bad_though_it_handles_what_comes(raddle::RecvChan<int> channel) {
  for (;;) {
    raddle::select(raddle::on_recv(channel, [](auto) { work(); }),  // bad
                   raddle::otherwise());
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

void it_computes_between(raddle::RecvChan<int> channel) {
  for (;;) {
    raddle::select(raddle::on_recv(channel), raddle::otherwise());
    compute();
  }
}

void it_asks_ten_times(raddle::RecvChan<int> channel) {
  for (int i = 0; i < 10; ++i) {
    raddle::select(raddle::on_recv(channel), raddle::otherwise());
  }
}

void it_drains(raddle::RecvChan<int> channel) {
  bool has_more = true;
  while (has_more) {
    raddle::select(raddle::on_recv(channel), raddle::otherwise([&] { has_more = false; }));
  }
}

void it_drains_by_the_result(raddle::RecvChan<int> channel) {
  while (raddle::select(raddle::on_recv(channel), raddle::otherwise()) == 0) {
  }
  for (;;) {
    if (raddle::select(raddle::on_recv(channel), raddle::otherwise()) == 1) break;
  }
}

long it_looks_whether_it_is_cancelled(const raddle::Context& context) {
  long sum = 0;
  for (;;) {
    bool is_cancelled = false;
    raddle::select(raddle::on_recv(context.done(), [&](bool) { is_cancelled = true; }),
                   raddle::otherwise());
    if (is_cancelled) return sum;
    sum += 3;
  }
}
