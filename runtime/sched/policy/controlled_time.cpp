// SPDX-License-Identifier: Apache-2.0
// Time passes when nobody can go on, or all that could only wait for others; it jumps to the next
// moment at which something is to happen.
#include <algorithm>

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

bool Controlled::only_yielders_are_ready() {
  return std::ranges::all_of(runners_.ready(),
                             [&](const Choice& choice) { return runners_.at(choice.id).yields; });
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
  now_ns_ += kFirstLookNs << std::min(looks_++ / kLooksOfOneLength, kMostDoublings);
  return now_ns_;
}

// Unless there is more in the process than we know of: then whoever watches it looks for longer. A
// process without threads of the program's own and without tasks ends by itself.
void Controlled::end_as_hung(Guard& guard) {
  if (written_.is_inexact() || (living_threads_ == 0 && live_tasks() == 0)) return;
  const record::BlockWatch* watch = record::g_block_watch.load(std::memory_order_acquire);
  if (watch == nullptr) return;
  guard.unlock();
  watch->hangs();
  guard.lock();
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
