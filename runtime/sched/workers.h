// SPDX-License-Identifier: Apache-2.0
// The set of workers: how many there are, how they begin and retire.
//
// Invariants.
// - g_active counts the workers that run or look for tasks or are idle, but not those that are away
//   (blocking.h); it is above max_procs() only while workers come back, and one too many becomes
//   spare as soon as it can.
#pragma once

#include "runtime/sched/worker.h"

namespace raddle::sched {

inline constinit std::atomic<int> g_worker_count{0};
inline constinit std::atomic<int> g_active{0};
inline constinit std::atomic<int> g_procs{0};
inline constinit std::atomic<bool> g_is_frozen{false};

// Starts the workers, once. False: the system gives not even one thread.
bool start_workers() noexcept;
// One more, active: a spare one, or a new one. False: the system gives no thread.
bool add_worker() noexcept;
bool has_workers() noexcept;

// Of this worker: sleeps, as a spare one, if more are active than may be.
void retire_if_too_many(Worker* worker) noexcept;
// Whether workers have to stop running tasks for a reason other than having none.
inline bool is_frozen() noexcept { return g_is_frozen.load(std::memory_order_relaxed); }
inline bool must_stop() noexcept {
  return g_active.load(std::memory_order_relaxed) > g_procs.load(std::memory_order_relaxed) ||
         is_frozen();
}

// The recorder takes the thread for itself again, not for the task that ran last.
void become_itself(Worker* worker) noexcept;

// Number i of worker_count(): null if it is not there yet.
int worker_count() noexcept;
Worker* worker(int i) noexcept;
const void* workers_for_debuggers() noexcept;  // an array of their addresses
std::size_t active_workers() noexcept;

}  // namespace raddle::sched
