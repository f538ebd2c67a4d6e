// SPDX-License-Identifier: Apache-2.0
// Time passes when nobody can go on, or all that could only wait for others; it jumps to the next
// moment at which something is to happen. It may do so earlier, as a decision: whatever can go on
// takes some time in a real run, and what is due soon may come first. How far it does is bounded,
// since nobody expects a time-out of an hour to come before another task's next step.
#include <algorithm>
#include <utility>

#include "runtime/record/runtime_threads.h"
#include "runtime/sched/futex.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/guard.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/task.h"
#include "runtime/sched/timers.h"
#include "runtime/sched/worker.h"
#include "runtime/sched/workers.h"

namespace raddle::sched {

std::int64_t Controlled::first_timer_ns() const {
  return timer_count_ == 0 ? kNever : timers_.data()[timer_count_ - 1]->when_ns;
}

// Not those who look at the clock again and again: each look takes its time.
bool Controlled::only_time_helps() {
  return std::ranges::all_of(runners_.ready(), [&](const Choice& choice) {
    const Runner& runner = runners_.at(choice.id);
    return runner.yields && !runner.polls_clock;
  });
}

bool Controlled::decide_about_time() {
  if (timer_count_ == 0 && !runners_.has_deadline()) return false;
  const std::size_t first = runners_.first_deadline();
  const bool has_deadline = first != runners_.waiting().size();
  const std::int64_t due_ns = std::min(
      first_timer_ns(), has_deadline ? runners_.at(runners_.waiting()[first]).deadline_ns : kNever);
  const std::int64_t far_ns = std::max(due_ns - now_ns_, std::int64_t{0});
  const std::size_t others = runners_.ready().size();
  if (replay_ != nullptr) {
    if (!is_time_next(others)) return false;
  } else if (far_ns > early_left_ns_ || is_fair_now() || !strategy_->passes_time()) {
    return false;
  }
  early_left_ns_ -= far_ns;
  write_decision(trace::kTimePasses, others);
  return true;
}

bool Controlled::pass_time_early(Guard& guard) {
  if (!std::exchange(is_time_early_, false)) return false;
  const std::int64_t left_ns = early_left_ns_;
  const bool has_passed = pass_time(guard);
  early_left_ns_ = left_ns;
  return has_passed;
}

void Controlled::end_wait(std::size_t index, Guard& guard) {
  const trace::TaskId id = runners_.waiting()[index];
  runners_.drop_waiting(index);
  Runner& runner = runners_.at(id);
  if (runner.is_thread) return make_ready(id, runner.object);
  guard.unlock();
  wake(runner.task, false);
  guard.lock();
}

void Controlled::fire_first_timer(Guard& guard) {
  Timer* timer = timers_[--timer_count_];
  now_ns_ = std::max(now_ns_, timer->when_ns);
  guard.unlock();
  fire(*timer);
  guard.lock();
}

// What timers do is the worker's to do: it must not look as if a thread of the program had done it.
bool Controlled::pass_time(Guard& guard) {
  early_left_ns_ = early_ns_;
  if (strategy_ != nullptr) strategy_->time_passes();
  const std::size_t first = runners_.first_deadline();
  const bool has_deadline = first != runners_.waiting().size();
  const std::int64_t deadline =
      has_deadline ? runners_.at(runners_.waiting()[first]).deadline_ns : kNever;
  if (first_timer_ns() < deadline) {
    if (this_worker() == nullptr) return false;
    runners_.forget_rounds();
    fire_first_timer(guard);
    return true;
  }
  if (!has_deadline) return false;
  runners_.forget_rounds();
  now_ns_ = std::max(now_ns_, deadline);
  runners_.at(runners_.waiting()[first]).is_timed_out = true;
  end_wait(first, guard);
  return true;
}

void Controlled::begin_row_of_looks() {
  if (looks_ == 0) return;
  looks_ = 0;
  ++row_;
}

std::int64_t Controlled::read_clock() noexcept {
  constexpr std::int64_t kFirstLookNs = 1000;
  constexpr std::uint32_t kLooksOfOneLength = 64;  // then twice as long, up to a quarter of an hour
  constexpr std::uint32_t kMostDoublings = 30;
  const Guard guard(*this);
  runners_.forget_rounds();
  runners_.at(running_).looked_in_row = row_;
  runners_.at(running_).has_looked = true;
  now_ns_ += kFirstLookNs << std::min(looks_++ / kLooksOfOneLength, kMostDoublings);
  return now_ns_;
}

// Unless there is more in the process than we know of, or another one may wake somebody: then
// whoever watches it looks for longer. A process without threads of the program's own and without
// tasks ends by itself.
void Controlled::end_as_hung(Guard& guard) {
  if (written_.is_inexact() || (living_threads_ == 0 && live_tasks() == 0)) return;
  const record::BlockWatch* watch = record::g_block_watch.load(std::memory_order_acquire);
  if (watch == nullptr) return;
  guard.unlock();
  const bool may_be_woken = watch->waits_in_shared_memory();
  if (!may_be_woken) watch->hangs();
  guard.lock();
  if (!may_be_woken) return;
  written_.mark_inexact();
  has_outsiders_ = true;  // look() lets all look again
}

void Controlled::arm(Timer& timer) noexcept {
  if (has_worker_.load(std::memory_order_relaxed) == 0) start_workers();
  const Guard guard(*this);
  Timer** end = timers_.data() + timer_count_;
  Timer** place =
      std::lower_bound(timers_.data(), end, timer.when_ns,
                       [](const Timer* armed, std::int64_t when) { return armed->when_ns > when; });
  std::copy_backward(place, end, end + 1);
  *place = &timer;
  ++timer_count_;
  kick();
}

bool Controlled::cancel(Timer& timer) noexcept {
  const Guard guard(*this);
  Timer** end = timers_.data() + timer_count_;
  Timer** place = std::find(timers_.data(), end, &timer);
  if (place == end) return false;
  std::copy(place + 1, end, place);
  --timer_count_;
  return true;
}

}  // namespace raddle::sched
