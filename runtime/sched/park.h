// SPDX-License-Identifier: Apache-2.0
// How a task or a thread waits for others. One Waiter may stand in many queues at once; whoever
// wants to end the wait first claims it by one compare-exchange, so exactly one does, and then
// unparks it.
//
//   waiter, under each object's lock:   enqueue a node that names the waiter
//   waiter, without locks:              park() or park_until()
//   waker, under the object's lock:     take the node out; if (waiter.claim(how)) { do what it
//                                       waited for }
//   waker, without the lock:            waiter.unpark(), its last use of the waiter and the node
//   waiter:                             takes its other nodes out; how() says what ended the wait
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/sched/futex.h"
#include "runtime/sched/task.h"
#include "trace/event.h"

namespace raddle::sched {

// Where a queue's node names its waiter, for who looks from outside.
inline constexpr std::size_t kWaiterInNode = 2 * sizeof(void*);

class Waiter {
 public:
  static constexpr std::uint32_t kTimedOut = 0xffff'fff0;
  static constexpr std::uint32_t kAborted = 0xffff'fff1;

  // For the current task, or the current thread where no task runs.
  Waiter() noexcept : task_(current_task()) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  // Whom events that a waker records on its behalf name. Call it after the event of the wait.
  trace::TaskId id() const noexcept { return id_; }
  void know_id() noexcept { id_ = record::current_task(); }

  // True for exactly one caller; its `how` (< kTimedOut) is what ended the wait.
  bool claim(std::uint32_t how) noexcept {
    std::uint32_t expected = kWaiting;
    // acq_rel: the waiter's preparations before, the waker's work after.
    return word_.compare_exchange_strong(expected, how, std::memory_order_acq_rel,
                                         std::memory_order_relaxed);
  }
  bool is_waiting() const noexcept { return word_.load(std::memory_order_relaxed) == kWaiting; }
  std::uint32_t how() const noexcept { return word_.load(std::memory_order_acquire); }

  // Of a select, before it parks: see Task::waits_in.
  void waits_in(const void* first, std::size_t stride, std::size_t count) noexcept;
  // Returns after unpark(), which only the claimer calls, once. `kind` and `object` are what a
  // debugger shows of a task that waits.
  void park(trace::Kind kind, const void* object) noexcept;
  // The same; but claims itself as kTimedOut when the time has come.
  void park_until(std::int64_t deadline_ns, trace::Kind kind, const void* object) noexcept;
  void unpark(bool is_next = true) noexcept;  // is_next: see wake()

  // Ends the sleep of a thread that has parked. For unpark(), and for policies, which choose when.
  void wake_thread() noexcept;
  bool is_woken() const noexcept { return is_ready_.load(std::memory_order_relaxed) != 0; }
  // Who it is in a policy's books, from its parking on; 0: it is in none.
  trace::TaskId runner() const noexcept { return runner_; }
  void set_runner(trace::TaskId id) noexcept { runner_ = id; }

  // Several at once: those that are tasks run in this order.
  static void unpark_all(Waiter* const* waiters, std::size_t count) noexcept;

  // Brings near what unpark() will touch.
  void prefetch() const noexcept { __builtin_prefetch(task_, 1); }

  // Where it names its task, for who looks from outside.
  static std::size_t task_offset() noexcept { return offsetof(Waiter, task_); }

  // For another round. Only when it stands in no queue any more.
  void reset() noexcept { word_.store(kWaiting, std::memory_order_relaxed); }

 private:
  static constexpr std::uint32_t kWaiting = 0xffff'ffff;

  void park_thread(std::int64_t deadline_ns) noexcept;

  std::atomic<std::uint32_t> word_{kWaiting};
  std::atomic<std::uint32_t> is_ready_{0};  // of a thread
  Task* task_;
  trace::TaskId id_ = 0;
  trace::TaskId runner_ = 0;
};

}  // namespace raddle::sched
