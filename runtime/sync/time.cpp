// SPDX-License-Identifier: Apache-2.0
#include "raddle/time.h"

#include <optional>

#include "runtime/sched/park.h"
#include "runtime/sched/spin_lock.h"
#include "runtime/sched/timers.h"
#include "runtime/sync/channel.h"
#include "runtime/sync/note.h"
#include "runtime/sync/timer_task.h"

namespace raddle::detail {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

// What a timer that has come due does once it has the alarm's lock, where somebody was faster.
enum class Late : std::uint8_t { kRings, kIsQuiet, kBeginsAgain, kIsDestroyed };

// `lock` guards it. Who has started it owns it until end_alarm(); one that is left to itself is
// destroyed when it has rung.
struct Alarm {
  sched::Timer timer;  // first: fire() gets its address
  std::atomic<std::uint32_t> lock{0};
  Channel* channel = nullptr;
  std::int64_t period_ns = 0;
  std::int64_t again_ns = 0;  // of kBeginsAgain: when it rings then
  Late late = Late::kRings;
  bool is_armed = false;  // until its timer has the lock
  bool is_left = false;
};

namespace {

std::int64_t after_now(std::int64_t ns) {
  const std::int64_t now = sched::task_time_ns();
  if (ns <= 0) return now;
  return ns > sched::kNever - now ? sched::kNever : now + ns;
}

void destroy(Alarm* alarm) {
  drop(alarm->channel);
  delete alarm;
}

void arm(Alarm* alarm, std::int64_t when_ns) {
  alarm->late = Late::kRings;
  alarm->is_armed = true;
  alarm->timer.when_ns = when_ns;
  sched::arm(alarm->timer);
}

void ring(Alarm* alarm) {
  const TimerTask task(alarm);
  TimePoint now = std::chrono::steady_clock::now();
  // As try_send(), but no policy lets others go first while the alarm is locked.
  sched::lock_spin(alarm->channel->lock);
  if (send_now(*alarm->channel, &now) == Outcome::kWouldBlock) {
    sched::unlock_spin(alarm->channel->lock);
  }
}

bool take_back(Channel& channel) {
  if (!looks_ready_to_receive(channel)) return false;
  std::optional<TimePoint> rung;
  sched::lock_spin(channel.lock);
  if (receive_now(channel, &rung) == Outcome::kWouldBlock) sched::unlock_spin(channel.lock);
  return rung.has_value();
}

// Ticks that are late already are left out, as Go does.
std::int64_t next_tick(const Alarm* alarm) {
  const std::int64_t late_ns = sched::task_time_ns() - alarm->timer.when_ns;
  return alarm->timer.when_ns + (late_ns / alarm->period_ns + 1) * alarm->period_ns;
}

// True: it is destroyed now.
bool come_due(Alarm* alarm) {
  alarm->is_armed = false;
  switch (alarm->late) {
    case Late::kIsDestroyed:
      return true;
    case Late::kIsQuiet:
      return false;
    case Late::kBeginsAgain:
      arm(alarm, alarm->again_ns);
      return false;
    case Late::kRings:
      ring(alarm);
      if (alarm->period_ns != 0) arm(alarm, next_tick(alarm));
      return alarm->is_left;
  }
  __builtin_unreachable();
}

void fire(sched::Timer& timer) {
  auto* alarm = reinterpret_cast<Alarm*>(&timer);
  sched::lock_spin(alarm->lock);
  const bool is_over = come_due(alarm);
  sched::unlock_spin(alarm->lock);
  if (is_over) destroy(alarm);
}

// It does not ring any more, and what it has rung for is gone if nobody has taken it (Go, since
// 1.23). True: it would have rung, or had.
bool quieten(Alarm* alarm) {
  const bool was_active = alarm->is_armed && alarm->late != Late::kIsQuiet;
  if (alarm->is_armed) {
    alarm->late = Late::kIsQuiet;  // where it has come due, and waits for the lock
    alarm->is_armed = !sched::cancel(alarm->timer);
  }
  return take_back(*alarm->channel) || was_active;
}

Alarm* make_alarm(Channel* channel, std::int64_t period_ns) {
  auto* alarm = new Alarm;
  share(channel);
  alarm->channel = channel;
  alarm->period_ns = period_ns;
  alarm->timer.fire = fire;
  note_arm(alarm);
  return alarm;
}

}  // namespace

void sleep_ns(std::int64_t ns) noexcept {
  if (ns <= 0) return;
  sched::Waiter waiter;
  note(Kind::kSleepWait, nullptr,
       {.index = trace::kTimed, .value = static_cast<std::uint64_t>(ns)});
  waiter.know_id();
  waiter.park_until(after_now(ns), Kind::kSleepWait, nullptr);
}

Alarm* start_alarm(Channel* channel, std::int64_t ns, std::int64_t period_ns) {
  Alarm* alarm = make_alarm(channel, period_ns);
  const sched::SpinGuard guard(alarm->lock);
  arm(alarm, after_now(ns));
  return alarm;
}

void ring_once(Channel* channel, std::int64_t ns) {
  Alarm* alarm = make_alarm(channel, 0);
  alarm->is_left = true;
  arm(alarm, after_now(ns));
}

bool reset_alarm(Alarm* alarm, std::int64_t ns, std::int64_t period_ns) noexcept {
  const sched::SpinGuard guard(alarm->lock);
  const bool was_active = quieten(alarm);
  alarm->period_ns = period_ns;
  note_arm(alarm);
  if (alarm->is_armed) {
    alarm->late = Late::kBeginsAgain;
    alarm->again_ns = after_now(ns);
  } else {
    arm(alarm, after_now(ns));
  }
  return was_active;
}

bool stop_alarm(Alarm* alarm) noexcept {
  const sched::SpinGuard guard(alarm->lock);
  return quieten(alarm);
}

void end_alarm(Alarm* alarm) noexcept {
  sched::lock_spin(alarm->lock);
  quieten(alarm);
  const bool is_ours = !alarm->is_armed;
  alarm->late = Late::kIsDestroyed;
  sched::unlock_spin(alarm->lock);
  if (is_ours) destroy(alarm);
}

}  // namespace raddle::detail
