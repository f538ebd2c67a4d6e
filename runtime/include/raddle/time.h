// SPDX-License-Identifier: Apache-2.0
// Sleeping, and channels that tell the time. All on std::chrono::steady_clock.
#pragma once

#include <chrono>
#include <cstdint>

#include "raddle/chan.h"
#include "raddle/detail/api.h"
#include "raddle/select.h"

namespace raddle {

using TimePoint = std::chrono::steady_clock::time_point;

namespace detail {

RADDLE_API void sleep_ns(std::int64_t ns) noexcept;

// Sends the time into `channel` (of TimePoint, capacity 1) after `ns`, and every `period_ns` from
// then on if that is not 0, unless it is full. Keeps a share of the channel.
struct Alarm;
RADDLE_API Alarm* start_alarm(Channel* channel, std::int64_t ns, std::int64_t period_ns);
RADDLE_API void reset_alarm(Alarm* alarm, std::int64_t period_ns) noexcept;
RADDLE_API void stop_alarm(Alarm* alarm) noexcept;  // gives it up

// How far away a moment of any clock is.
template <typename Clock, typename Duration>
std::int64_t ns_until(std::chrono::time_point<Clock, Duration> when) noexcept {
  return to_ns(when - Clock::now());
}

}  // namespace detail

/// Lets the current task (or thread) rest for at least this long. Orders nothing.
template <typename Rep, typename Period>
void sleep_for(std::chrono::duration<Rep, Period> d) noexcept {
  detail::sleep_ns(detail::to_ns(d));
}
template <typename Clock, typename Duration>
void sleep_until(std::chrono::time_point<Clock, Duration> when) noexcept {
  detail::sleep_ns(detail::ns_until(when));
}

/// A channel on which the time is sent once, after this long. It has room for it: nobody need
/// receive it.
template <typename Rep, typename Period>
RecvChan<TimePoint> after(std::chrono::duration<Rep, Period> d) {
  Chan<TimePoint> channel = make_chan<TimePoint>(1);
  detail::start_alarm(detail::Access::body(channel), detail::to_ns(d), 0);
  return channel;
}

/// Sends the time on its channel at regular intervals; ticks that nobody has received make place
/// for no others. Stops when it is destroyed. The channel is never closed.
class Ticker {
 public:
  /// The interval must be longer than 0; what is shorter than a nanosecond counts as one.
  template <typename Rep, typename Period>
  explicit Ticker(std::chrono::duration<Rep, Period> d) : channel_(make_chan<TimePoint>(1)) {
    const std::int64_t ns = positive(detail::to_ns(d));
    alarm_ = detail::start_alarm(detail::Access::body(channel_), ns, ns);
  }
  ~Ticker() { stop(); }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  /// Where the time is received.
  RecvChan<TimePoint> channel() const { return channel_; }
  /// No more ticks from now on.
  void stop() noexcept {
    if (alarm_ != nullptr) detail::stop_alarm(alarm_);
    alarm_ = nullptr;
  }
  /// Begins a new interval of another length now. Not after stop().
  template <typename Rep, typename Period>
  void reset(std::chrono::duration<Rep, Period> d) noexcept {
    if (alarm_ != nullptr) detail::reset_alarm(alarm_, positive(detail::to_ns(d)));
  }

 private:
  static std::int64_t positive(std::int64_t ns) { return ns > 0 ? ns : 1; }

  Chan<TimePoint> channel_;
  detail::Alarm* alarm_ = nullptr;
};

}  // namespace raddle
