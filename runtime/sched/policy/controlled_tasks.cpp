// SPDX-License-Identifier: Apache-2.0
// Tasks, and threads in raddle's own primitives.
#include <utility>

#include "runtime/record/runtime_threads.h"
#include "runtime/sched/futex.h"
#include "runtime/sched/park.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/guard.h"
#include "runtime/sched/task.h"

namespace raddle::sched {

// What the worker's thread does to begin must not stand now before, now behind what others do.
void Controlled::wait_for_worker() noexcept {
  waits_for_worker_.store(true, std::memory_order_relaxed);
  while (has_worker_.load(std::memory_order_acquire) == 0) futex_wait(has_worker_, 0);
  waits_for_worker_.store(false, std::memory_order_relaxed);
}

void Controlled::add(Task* task) noexcept {
  Guard guard(*this);
  Runner& runner = runners_.at(task->id);
  if (runner.is_leaving) {  // it was ready before it had left
    runner.is_leaving = false;
    return;
  }
  if (runner.task == nullptr) {
    begins(running_, task->id);
    runner.object = own_matter();
  }
  runner.task = task;
  const bool yields = task->id == on_worker_;
  make_ready(task->id, yields ? nullptr : runner.object, yields);
  kick();
}

Task* Controlled::task_yields() noexcept {
  Guard guard(*this);
  Runner& self = runners_.at(current_task()->id);
  if (!self.is_leaving) {
    if (goes_round()) tell_that_it_goes_round(guard);
    return nullptr;
  }
  if (chosen_ == 0 || runners_.at(chosen_).is_thread) return nullptr;
  self.is_leaving = false;
  on_worker_ = chosen_;
  give_turn(std::exchange(chosen_, 0));
  return runners_.at(running_).task;
}

Task* Controlled::take(Worker* worker) noexcept {
  Guard guard(*this);
  if (has_worker_.exchange(1, std::memory_order_release) == 0) {
    futex_wake(has_worker_, INT32_MAX);
  }
  if (worker_ == worker && running_ != 0 && running_ == on_worker_) {
    if (Runner& left = runners_.at(running_); left.state == Runner::State::kRuns) {
      block(running_, left.object);
    }
    running_ = 0;
  }
  if (worker_ == worker) on_worker_ = 0;
  become_worker(worker, guard);
  for (;;) {
    if (running_ == 0 && chosen_ != 0) give_turn(std::exchange(chosen_, 0));
    while (running_ == 0 && (pass_time_early(guard) || (only_time_helps() && pass_time(guard)))) {
    }
    if (running_ == 0 && !runners_.ready().empty()) give_turn(choose());
    Runner& runner = runners_.at(running_);
    if (running_ != 0 && !runner.is_thread) {
      on_worker_ = running_;
      return runner.task;
    }
    if (running_ == 0) end_as_hung(guard);
    const std::uint32_t seen = changes_.load(std::memory_order_acquire);
    guard.unlock();
    {
      const record::BlockedForEver blocked;
      futex_wait(changes_, seen);
    }
    guard.lock();
  }
}

void Controlled::thread_parks(Waiter& waiter) noexcept {
  const trace::TaskId id = record::current_task();
  Guard guard(*this);
  Runner& self = runners_.at(id);
  if (!self.is_thread) return written_.mark_inexact();
  if (waiter.is_woken() || is_over()) return;
  waiter.set_runner(id);
  self.waiter = &waiter;
  block(id, self.object);
  if (running_ != id) return;
  running_ = 0;
  pass_turn(guard);
}

// What it had to wait for may have come before it could say that it waits.
void Controlled::add_thread(Waiter& waiter) noexcept {
  const Guard guard(*this);
  if (waiter.runner() == 0 || is_over()) return waiter.wake_thread();
  const trace::TaskId id = waiter.runner();
  waiter.set_runner(0);
  make_ready(id, runners_.at(id).object);
  kick();
}

}  // namespace raddle::sched
