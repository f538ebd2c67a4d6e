// SPDX-License-Identifier: Apache-2.0
// Sleeping, and channels that tell the time. All on std::chrono::steady_clock.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <stdexcept>

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
// The same, once, and nobody need end it.
RADDLE_API void ring_once(Channel* channel, std::int64_t ns);
// Both take back what was sent and not received. True: it was still to ring, or that was taken
// back.
RADDLE_API bool reset_alarm(Alarm* alarm, std::int64_t ns, std::int64_t period_ns) noexcept;
RADDLE_API bool stop_alarm(Alarm* alarm) noexcept;
RADDLE_API void end_alarm(Alarm* alarm) noexcept;  // stops it and gives it up

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
  detail::ring_once(detail::Access::body(channel), detail::to_ns(d));
  return channel;
}

/// Sends the time on its channel once, Go's time.Timer; it can be stopped and set anew. Stops when
/// it is destroyed. The channel is never closed.
class Timer {
 public:
  /// Rings after this long; at once if it is not longer than 0.
  template <typename Rep, typename Period>
  explicit Timer(std::chrono::duration<Rep, Period> d) : channel_(make_chan<TimePoint>(1)) {
    alarm_ = detail::start_alarm(detail::Access::body(channel_), detail::to_ns(d), 0);
  }
  ~Timer() { detail::end_alarm(alarm_); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Where the time is received.
  RecvChan<TimePoint> channel() const { return channel_; }
  /// It will not ring, and has not: a time that nobody has received yet is taken back. False: it
  /// was received already, or the timer stopped before.
  bool stop() noexcept { return detail::stop_alarm(alarm_); }
  /// Stops it, and lets it ring after this long from now. Returns what stop() would.
  template <typename Rep, typename Period>
  bool reset(std::chrono::duration<Rep, Period> d) noexcept {
    return detail::reset_alarm(alarm_, detail::to_ns(d), 0);
  }

 private:
  Chan<TimePoint> channel_;
  detail::Alarm* alarm_;
};

/// Sends the time on its channel at regular intervals; ticks that nobody has received make place
/// for no others. Stops when it is destroyed. The channel is never closed.
class Ticker {
 public:
  /// Throws std::invalid_argument if the interval is not longer than 0; what is shorter than a
  /// nanosecond counts as one.
  template <typename Rep, typename Period>
  explicit Ticker(std::chrono::duration<Rep, Period> d) : channel_(make_chan<TimePoint>(1)) {
    const std::int64_t ns = interval_ns(d);
    alarm_ = detail::start_alarm(detail::Access::body(channel_), ns, ns);
  }
  ~Ticker() { detail::end_alarm(alarm_); }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  /// Where the time is received.
  RecvChan<TimePoint> channel() const { return channel_; }
  /// No more ticks from now on; one that nobody has received yet is taken back.
  void stop() noexcept { detail::stop_alarm(alarm_); }
  /// Begins a new interval of another length now, as stop() and a new ticker would. Throws as the
  /// constructor.
  template <typename Rep, typename Period>
  void reset(std::chrono::duration<Rep, Period> d) {
    const std::int64_t ns = interval_ns(d);
    detail::reset_alarm(alarm_, ns, ns);
  }

 private:
  template <typename Rep, typename Period>
  static std::int64_t interval_ns(std::chrono::duration<Rep, Period> d) {
    if (d <= d.zero()) throw std::invalid_argument("non-positive interval for Ticker");
    return std::max<std::int64_t>(detail::to_ns(d), 1);
  }

  Chan<TimePoint> channel_;
  detail::Alarm* alarm_;
};

}  // namespace raddle
