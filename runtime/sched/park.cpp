// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/park.h"

#include "runtime/record/runtime_threads.h"
#include "runtime/sched/policy.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/timers.h"
#include "runtime/sched/work.h"

namespace raddle::sched {

void Waiter::park(trace::Kind kind, const void* object) noexcept {
  if (task_ != nullptr) {
    task_->waits_for = kind;
    task_->waits_on = object;
    return sched::park(task_);
  }
  thaw_for_this_thread();
  park_thread(kNever);
}

void Waiter::waits_in(const void* first, std::size_t stride, std::size_t count) noexcept {
  if (task_ == nullptr) return;
  task_->waits_in = first;
  task_->waits_stride = static_cast<std::uint32_t>(stride);
  task_->waits_count = static_cast<std::uint32_t>(count);
}

void Waiter::park_until(std::int64_t deadline_ns, trace::Kind kind, const void* object) noexcept {
  if (deadline_ns == kNever) return park(kind, object);
  if (task_ == nullptr && g_policy == nullptr) {
    thaw_for_this_thread();
    return park_thread(deadline_ns);
  }
  Timer timer;
  timer.when_ns = deadline_ns;
  timer.waiter = this;
  arm(timer);
  if (task_ != nullptr) task_->is_timed = true;
  park(kind, object);
  if (task_ != nullptr) task_->is_timed = false;
  if (how() != kTimedOut) cancel(timer);
}

void Waiter::park_thread(std::int64_t deadline_ns) noexcept {
  if (g_policy != nullptr) [[unlikely]]
    g_policy->thread_parks(*this);
  while (is_ready_.load(std::memory_order_acquire) == 0) {
    if (deadline_ns == kNever) {
      const record::BlockedForEver blocked;
      futex_wait(is_ready_, 0);
      continue;
    }
    futex_wait(is_ready_, 0, deadline_ns);
    if (now_ns() < deadline_ns) continue;
    if (claim(kTimedOut)) return;
    deadline_ns = kNever;  // whoever has claimed it will unpark it soon
  }
  is_ready_.store(0, std::memory_order_relaxed);
  tsan_acquire(this);
}

void Waiter::unpark(bool is_next) noexcept {
  if (task_ != nullptr) return wake(task_, is_next);
  if (g_policy != nullptr) [[unlikely]]
    return g_policy->add_thread(*this);
  wake_thread();
}

void Waiter::wake_thread() noexcept {
  tsan_release(this);
  is_ready_.store(1, std::memory_order_release);
  futex_wake(is_ready_);
}

void Waiter::unpark_all(Waiter* const* waiters, std::size_t count) noexcept {
  constexpr std::size_t kBatch = 64;
  Task* tasks[kBatch];
  std::size_t ready = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Task* task = waiters[i]->task_;
    if (task == nullptr) {
      waiters[i]->unpark();
    } else if (end_park(task)) {
      tasks[ready++] = task;
    }
    if (ready == kBatch || i + 1 == count) {
      make_all_runnable({tasks, ready});
      ready = 0;
    }
  }
}

}  // namespace raddle::sched
