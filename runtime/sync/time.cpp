// SPDX-License-Identifier: Apache-2.0
#include "raddle/time.h"

#include "runtime/sched/park.h"
#include "runtime/sched/spin_lock.h"
#include "runtime/sched/timers.h"
#include "runtime/sync/note.h"
#include "runtime/sync/timer_task.h"

namespace raddle::detail {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

// An alarm belongs to whoever started it until stop_alarm(), and then, or if it rings once, to the
// timers' thread: whoever is last under the lock deletes it.
struct Alarm {
  sched::Timer timer;  // first: fire() gets its address
  std::atomic<std::uint32_t> lock{0};
  Channel* channel = nullptr;
  std::int64_t period_ns = 0;
  bool is_stopped = false;
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

void ring(Alarm* alarm) {
  TimePoint now = std::chrono::steady_clock::now();
  try_send(alarm->channel, &now);  // nobody but the alarm has the sending side
}

void fire(sched::Timer& timer) {
  auto* alarm = reinterpret_cast<Alarm*>(&timer);
  {
    const TimerTask task(alarm);
    ring(alarm);
  }
  sched::lock_spin(alarm->lock);
  const bool is_last = alarm->is_stopped || alarm->period_ns == 0;
  if (!is_last) {
    // Ticks that are late already are left out, as Go does.
    const std::int64_t now = sched::task_time_ns();
    const std::int64_t missed = (now - timer.when_ns) / alarm->period_ns;
    timer.when_ns += (missed + 1) * alarm->period_ns;
    sched::arm(timer);
  }
  sched::unlock_spin(alarm->lock);
  if (is_last) destroy(alarm);
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
  auto* alarm = new Alarm;
  share(channel);
  alarm->channel = channel;
  alarm->period_ns = period_ns;
  alarm->timer.when_ns = after_now(ns);
  alarm->timer.fire = fire;
  note_arm(alarm);
  sched::arm(alarm->timer);
  return alarm;
}

void reset_alarm(Alarm* alarm, std::int64_t period_ns) noexcept {
  const sched::SpinGuard guard(alarm->lock);
  alarm->period_ns = period_ns;
  note_arm(alarm);
  if (!sched::cancel(alarm->timer))
    return;  // it rings right now, and then goes on with the new period
  alarm->timer.when_ns = after_now(period_ns);
  sched::arm(alarm->timer);
}

void stop_alarm(Alarm* alarm) noexcept {
  sched::lock_spin(alarm->lock);
  alarm->is_stopped = true;
  const bool is_ours = sched::cancel(alarm->timer);
  sched::unlock_spin(alarm->lock);
  if (is_ours) destroy(alarm);
}

}  // namespace raddle::detail
