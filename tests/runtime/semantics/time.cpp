// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "tests/runtime/semantics/semantics.h"

namespace semantics {

using namespace raddle;
using namespace std::chrono_literals;

namespace {

std::string a_sleep_lasts_as_long_as_asked() {
  const auto begin = std::chrono::steady_clock::now();
  sleep_for(2ms);
  return std::chrono::steady_clock::now() - begin >= 2ms ? "true" : "false";
}

std::string sleepers_wake_in_the_order_of_their_times() {
  History history;
  WaitGroup all;
  for (const int ms : {150, 50, 100}) {
    all.go([&, ms] {
      sleep_for(std::chrono::milliseconds(ms));
      history.note(std::to_string(ms));
    });
  }
  all.wait();
  return history.text();
}

std::string a_ticker_ticks_again_and_again() {
  const Ticker ticker(1ms);
  for (int i = 0; i < 3; ++i) ticker.channel().recv();
  return "three";
}

std::string a_ticker_drops_ticks_nobody_takes() {
  Ticker ticker(1ms);
  sleep_for(20ms);
  ticker.stop();
  int count = 0;
  while (ticker.channel().try_recv()) ++count;
  return count <= 1 ? "true" : "false";
}

std::string a_stopped_ticker() {
  Ticker ticker(1h);
  ticker.stop();
  return outcome_of([channel = ticker.channel()] { channel.recv(); });
}

}  // namespace

std::vector<Row> time_rows() {
  return {
      {"time.a_sleep_of_nothing",
       [] {
         return outcome_of([] {
           sleep_for(0s);
           sleep_for(-1ns);
         });
       }},
      {"time.a_sleep_lasts_as_long_as_asked", a_sleep_lasts_as_long_as_asked},
      {"time.sleepers_wake_in_the_order_of_their_times", sleepers_wake_in_the_order_of_their_times},
      {"time.after_fires_once",
       [] {
         auto c = after(1ms);
         c.recv();
         return outcome_of([c] { c.recv(); });
       }},
      {"time.a_ticker_ticks_again_and_again", a_ticker_ticks_again_and_again},
      {"time.a_ticker_drops_ticks_nobody_takes", a_ticker_drops_ticks_nobody_takes},
      {"time.a_stopped_ticker", a_stopped_ticker},
  };
}

}  // namespace semantics
