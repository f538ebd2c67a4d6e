// SPDX-License-Identifier: Apache-2.0
// The seam between the tasks and whoever decides which of them runs. Without a policy the workers
// decide for themselves (work.cpp): queues, stealing, the real clock. A policy takes all of it
// over: for exploring schedules, for replaying one, for time that passes when nothing can run.
#pragma once

#include <cstddef>
#include <cstdint>

namespace raddle::sched {

struct Task;
struct Timer;
struct Worker;
class Waiter;

class Policy {
 public:
  Policy() = default;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;
  virtual ~Policy() = default;

  // Returns when the first worker is in take().
  virtual void wait_for_worker() noexcept = 0;
  // `task` can run: it is new, was woken, or has yielded. Called by any thread.
  virtual void add(Task* task) noexcept = 0;
  // What this worker runs now. Called on the worker's own stack; waits until there is something.
  virtual Task* take(Worker* worker) noexcept = 0;
  // The current task is about to yield. Returns whose turn has begun, where that is a task for this
  // worker: it goes on at once, and add() is not called for the one that yields. Null: take() will
  // say what comes.
  virtual Task* task_yields() noexcept = 0;
  // The current task is about to do something that others can see, on this object. It may call
  // yield() to let others go first.
  virtual void before_operation(const void* object) noexcept = 0;
  // The operation is on this object, too.
  virtual void touches(const void* object) noexcept = 0;
  // A thread of the program's own is about to sleep in a primitive, until its wake_thread() is
  // called; what it waits for has come; it gives way to others.
  virtual void thread_parks(Waiter& waiter) noexcept = 0;
  virtual void add_thread(Waiter& waiter) noexcept = 0;
  virtual void thread_yields() noexcept = 0;
  // The clock of sleeps, time-outs and deadlines, in nanoseconds.
  virtual std::int64_t now_ns() noexcept = 0;
  // As arm() and cancel() of timers.h. What comes due is to be given to fire().
  virtual void arm(Timer& timer) noexcept = 0;
  virtual bool cancel(Timer& timer) noexcept = 0;
  // In which of `count` ways, one or more, the current task goes on.
  virtual std::size_t pick(std::size_t count) noexcept = 0;
  // The current task's select has taken this case, whether it could have taken another or not.
  virtual void takes_case(std::size_t number) noexcept = 0;
};

// Null: none.
inline constinit Policy* g_policy = nullptr;
// Before the first task is started, and for good.
void use_policy(Policy* policy) noexcept;

inline void before_operation(const void* object) noexcept {
  if (g_policy != nullptr) [[unlikely]]
    g_policy->before_operation(object);
}

inline void touches(const void* object) noexcept {
  if (g_policy != nullptr) [[unlikely]]
    g_policy->touches(object);
}

inline void takes_case(std::size_t number) noexcept {
  if (g_policy != nullptr) [[unlikely]]
    g_policy->takes_case(number);
}

}  // namespace raddle::sched
