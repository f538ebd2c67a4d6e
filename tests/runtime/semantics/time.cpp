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

// Its time has come, and nobody has taken it.
void let_ring() { sleep_for(20ms); }

std::string text(bool is_true) { return is_true ? "true" : "false"; }

std::string outcome_of_receiving(const RecvChan<TimePoint>& c) {
  return outcome_of([c] { c.recv(); });
}

template <typename Interval>
std::string outcome_of_a_ticker(Interval interval) {
  return outcome_of([interval] { const Ticker ticker(interval); });
}

std::string a_stopped_ticker_that_is_reset_ticks_again() {
  Ticker ticker(1h);
  ticker.stop();
  ticker.reset(1ms);
  ticker.channel().recv();
  ticker.channel().recv();
  return "ticks";
}

std::string stopped_in_time() {
  Timer timer(1h);
  const bool first = timer.stop();
  const bool second = timer.stop();
  return text(first) + " " + text(second) + " " + outcome_of_receiving(timer.channel());
}

std::string stopped_before_its_time_was_received() {
  Timer timer(1ms);
  let_ring();
  const bool was_active = timer.stop();
  return text(was_active) + " " + outcome_of_receiving(timer.channel());
}

std::string reset_to_a_millisecond(Timer& timer) {
  const bool was_active = timer.reset(1ms);
  timer.channel().recv();
  return text(was_active);
}

std::string reset_before_its_time_was_received() {
  Timer timer(1ms);
  let_ring();
  const bool was_active = timer.reset(1h);
  return text(was_active) + " " + outcome_of_receiving(timer.channel());
}

}  // namespace

std::vector<Row> timer_rows() {
  return {
      {"timer.fires_once",
       [] {
         const Timer timer(1ms);
         timer.channel().recv();
         return outcome_of_receiving(timer.channel());
       }},
      {"timer.stopped_in_time", stopped_in_time},
      {"timer.stopped_after_its_time_was_received",
       [] {
         Timer timer(1ms);
         timer.channel().recv();
         return text(timer.stop());
       }},
      {"timer.stopped_before_its_time_was_received", stopped_before_its_time_was_received},
      {"timer.reset_before_its_time",
       [] {
         Timer timer(1h);
         return reset_to_a_millisecond(timer);
       }},
      {"timer.reset_after_its_time_was_received",
       [] {
         Timer timer(1ms);
         timer.channel().recv();
         return reset_to_a_millisecond(timer);
       }},
      {"timer.reset_before_its_time_was_received", reset_before_its_time_was_received},
      {"timer.of_nothing",
       [] {
         Timer(-1s).channel().recv();
         return "fires";
       }},
  };
}

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
      {"time.after_nothing",
       [] {
         after(0s).recv();
         after(-1h).recv();
         return "returns";
       }},
      {"time.a_stopped_ticker_has_no_old_tick",
       [] {
         Ticker ticker(1ms);
         let_ring();
         ticker.stop();
         return outcome_of_receiving(ticker.channel());
       }},
      {"time.a_ticker_that_is_reset_has_no_old_tick",
       [] {
         Ticker ticker(1ms);
         let_ring();
         ticker.reset(1h);
         return outcome_of_receiving(ticker.channel());
       }},
      {"time.a_stopped_ticker_that_is_reset_ticks_again",
       a_stopped_ticker_that_is_reset_ticks_again},
      {"time.a_ticker_of_nothing", [] { return outcome_of_a_ticker(0s); }},
      {"time.a_ticker_reset_to_nothing", [] { return outcome_of([] { Ticker(1h).reset(-1ns); }); }},
  };
}

}  // namespace semantics
