// SPDX-License-Identifier: Apache-2.0
// The set of workers: who is idle, who looks for work, how many there are.
//
// Invariants.
// - g_active counts the workers that run or look for tasks or are idle, but not those that are away
//   (blocking.h); it is above max_procs() only while workers come back, and one too many becomes
//   spare as soon as it can.
// - No wake-up is lost: who makes a task runnable looks for idle workers afterwards; a worker that
//   becomes idle looks into all queues afterwards; a full fence stands between the two on both
//   sides. While a worker is searching, nobody is woken: it wakes the next one when it has found
//   something, as Go's do.
#pragma once

#include "runtime/sched/worker.h"

namespace raddle::sched {

inline constinit std::atomic<int> g_worker_count{0};
inline constinit std::atomic<int> g_active{0};
inline constinit std::atomic<int> g_procs{0};
inline constinit std::atomic<bool> g_is_frozen{false};
void wake_another() noexcept;

// Starts the workers, once. False: the system gives not even one thread.
bool start_workers() noexcept;
// One more, active: a spare one, or a new one. False: the system gives no thread.
bool add_worker() noexcept;
bool has_workers() noexcept;

// Something can run: wakes a worker unless one is looking already. `worker`: this one; null: none.
inline void wake_if_useful(const Worker* worker) noexcept {
  // Whoever adds a second worker makes it look for work first.
  if (worker != nullptr && g_worker_count.load(std::memory_order_relaxed) == 1) return;
  wake_another();
}

// Of this worker, which has nothing to run: sleeps until that may have changed.
void idle(Worker* worker) noexcept;
// Of this worker: sleeps, as a spare one, if more are active than may be.
void retire_if_too_many(Worker* worker) noexcept;
// Whether workers have to stop running tasks for a reason other than having none.
inline bool is_frozen() noexcept { return g_is_frozen.load(std::memory_order_relaxed); }
inline bool must_stop() noexcept {
  return g_active.load(std::memory_order_relaxed) > g_procs.load(std::memory_order_relaxed) ||
         is_frozen();
}

// Counts this worker among those that look for work in others' queues; false: enough do.
bool begin_searching(Worker* worker) noexcept;
void stop_searching(Worker* worker) noexcept;

// The recorder takes the thread for itself again, not for the task that ran last.
void become_itself(Worker* worker) noexcept;

// Number i of worker_count(): null if it is not there yet.
int worker_count() noexcept;
Worker* worker(int i) noexcept;
std::size_t active_workers() noexcept;

}  // namespace raddle::sched
