// SPDX-License-Identifier: Apache-2.0
// Looks at the workers from the timers' thread. A task that blocks its thread in the kernel without
// blocking() has another worker put in its worker's place; one that keeps its worker for long is
// recorded, and named on standard error if RADDLE_OPTIONS asks for it. As Go's sysmon
// (runtime/proc.go: retake), but nobody is preempted.
#pragma once

#include <atomic>

namespace raddle::sched {

inline constinit std::atomic<bool> g_is_watched{false};
void begin_watching() noexcept;

// A worker that had nothing to run is going to run something; worker->task says so already.
inline void keep_watched() noexcept {
  // Either the monitor, which looks once more after it has said that it stops, sees the task; or
  // this sees that it has stopped.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!g_is_watched.load(std::memory_order_relaxed)) begin_watching();
}

// In the child of a fork, which has no timers.
void forget_monitor() noexcept;

}  // namespace raddle::sched
