// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/policy/controlled.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "runtime/record/say.h"
#include "runtime/sched/futex.h"
#include "runtime/sched/park.h"
#include "runtime/sched/policy/experience.h"
#include "runtime/sched/policy/guard.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/worker.h"

namespace raddle::sched {

namespace {

// One that goes on for so long, while others could, waits for them by looking again and again. In a
// run in which that comes again and again nobody is waited for any longer.
constexpr std::uint32_t kMostTurnsInRow = 1000;
constexpr std::uint32_t kMostLongRows = 16;
constexpr std::uint32_t kFewTurnsInRow = 50;

}  // namespace

Controlled::Controlled(Plan plan)
    : strategy_(std::move(plan.strategy)),
      experience_(plan.experience),
      written_(plan.written),
      replay_(plan.replay),
      has_outsiders_(plan.has_outsiders),
      most_rounds_(plan.most_rounds),
      early_ns_(plan.early_ns),
      early_left_ns_(plan.early_ns) {
  if (has_outsiders_) written_.mark_inexact();
  Runner& self = runners_.at(record::current_task());
  self.is_thread = true;
  self.state = Runner::State::kRuns;
  self.tid = ::gettid();
  self.place = record::own_place();
  running_ = record::current_task();
}

void Controlled::make_ready(trace::TaskId id, const void* object, bool yields) {
  Runner& runner = runners_.at(id);
  const bool was_blocked = runner.state == Runner::State::kWaits;
  if (was_blocked && experience_ != nullptr) experience_->unblock(id, runner.object);
  runner.state = Runner::State::kReady;
  runner.yields = yields;
  runners_.add_ready({id, object, false, yields});
}

void Controlled::block(trace::TaskId id, const void* object) {
  Runner& runner = runners_.at(id);
  runner.state = Runner::State::kWaits;
  runner.object = object;
  if (experience_ != nullptr) experience_->block(id, object);
}

trace::TaskId Controlled::choose() {
  const Choice choice = runners_.ready()[decide(runners_.ready())];
  runners_.drop_ready(choice.id);
  goes_on(choice.id, choice.object);
  return choice.id;
}

void Controlled::wake_worker() {
  if (worker_ != nullptr && this_worker() == worker_) return;  // it is awake
  changes_.fetch_add(1, std::memory_order_release);
  futex_wake(changes_);
}

void Controlled::give_turn(trace::TaskId id) {
  Runner& runner = runners_.at(id);
  running_ = id;
  ++turns_;
  turns_in_row_ = 0;
  runner.state = Runner::State::kRuns;
  const bool has_only_yielded = std::exchange(runner.yields, false);
  has_begun_turn_ = true;
  if (!has_only_yielded && runner.looked_in_row != row_) begin_row_of_looks();
  if (!runner.is_thread) return wake_worker();
  waiter_to_wake_ = std::exchange(runner.waiter, nullptr);
  if (waiter_to_wake_ != nullptr) return;
  to_wake_ = &runner;
  has_begun_turn_ = false;
}

void Controlled::pass_turn(Guard& guard) {
  while (only_time_helps()) {
    if (has_worker_.load(std::memory_order_relaxed) != 0) return wake_worker();
    if (pass_time(guard)) continue;
    if (!runners_.ready().empty()) break;
    return end_as_hung(guard);
  }
  give_turn(choose());
}

void Controlled::kick() {
  if (running_ != 0) return;
  if (has_worker_.load(std::memory_order_relaxed) != 0) return wake_worker();
  if (!runners_.ready().empty()) give_turn(choose());
}

void Controlled::sleep_until_turn(Runner& self, Guard& guard) {
  if (is_over()) return;
  guard.unlock();
  self.sleep();
  guard.lock();
  has_begun_turn_ = true;
  // Its stack is another thread's only when the kernel knows it no more.
  const int ended = std::exchange(ended_tid_, 0);
  guard.unlock();
  if (ended != 0) wait_for_end_of_thread(ended);
}

// A task that gives way leaves its stack first; the worker then gives the turn to the chosen one.
void Controlled::operate(const void* object, bool yields) {
  if (t_decides || is_over()) return;
  Task* task = current_task();
  if (task == nullptr && this_worker() != nullptr) return;  // it fires timers
  const trace::TaskId id = task != nullptr ? task->id : record::current_task();
  Guard guard(*this);
  Runner& self = runners_.at(id);
  if (task == nullptr && !self.is_thread) return;
  if (task != nullptr && running_ != id) {  // it had lost its turn; others run on another worker
    self.object = object;
    guard.unlock();
    return yield();
  }
  if (task == nullptr && running_ != id) {
    make_ready(id, object);
    kick();
    return sleep_until_turn(self, guard);
  }
  if (goes_round()) tell_that_it_goes_round(guard);
  const bool has_many_rows = long_rows_ > kMostLongRows;
  if (++turns_in_row_ > (has_many_rows ? kFewTurnsInRow : kMostTurnsInRow)) {
    ++long_rows_;
    yields = true;
  }
  self.object = object;
  is_time_early_ = decide_about_time();
  if (runners_.ready().empty() && !yields && !is_time_early_) return goes_on(id, object);
  self.yields = yields;
  if (yields) self.polls_clock = std::exchange(self.has_looked, false);
  runners_.add_ready({id, object, true, yields});
  const bool has_worker = has_worker_.load(std::memory_order_relaxed) != 0;
  while (!has_worker && (pass_time_early(guard) || (only_time_helps() && pass_time(guard)))) {
  }
  // Time may pass first: that is for the worker.
  const bool is_for_worker = is_time_early_ || (only_time_helps() && first_timer_ns() != kNever);
  const trace::TaskId next = is_for_worker ? 0 : choose();
  if (next == id) {
    self.yields = false;
    if (yields) turns_in_row_ = 0;
    return;
  }
  Choice& own = runners_.ready_at(id);
  own.is_current = own.has_yielded = false;
  self.state = Runner::State::kReady;
  running_ = 0;
  if (task == nullptr) {
    if (next != 0) {
      give_turn(next);
    } else {
      wake_worker();
    }
    return sleep_until_turn(self, guard);
  }
  self.is_leaving = true;
  chosen_ = next;
  guard.unlock();
  yield();
}

void Controlled::before_operation(const void* object) noexcept { operate(object, false); }
void Controlled::thread_yields() noexcept { operate(nullptr, true); }

void Controlled::touches(const void* object) noexcept {
  if (t_decides) return;
  const Guard guard(*this);
  touch(object);
}

std::int64_t Controlled::now_ns() noexcept {
  const Guard guard(*this);
  return now_ns_;
}

}  // namespace raddle::sched
