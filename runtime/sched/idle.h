// SPDX-License-Identifier: Apache-2.0
// Workers that have nothing to run: who searches for work in others' queues, who sleeps, and who
// wakes them.
//
// Invariants.
// - No wake-up is lost: who makes a task runnable looks for idle workers afterwards; a worker that
//   becomes idle looks into all queues afterwards; a full fence stands between the two on both
//   sides. While a worker is searching, nobody is woken: it wakes the next one when it has found
//   something, as Go's do.
#pragma once

#include "runtime/sched/futex.h"
#include "runtime/sched/workers.h"

namespace raddle::sched {

void wake_another() noexcept;
// Something can run: wakes a worker unless one is looking already. `worker`: this one; null: none.
inline void wake_if_useful(const Worker* worker) noexcept {
  // Whoever adds a second worker makes it look for work first.
  if (worker != nullptr && g_worker_count.load(std::memory_order_relaxed) == 1) return;
  wake_another();
}

// Of this worker, which has nothing to run: sleeps until that may have changed, or one of its
// timers is due.
void idle(Worker* worker) noexcept;

// Counts this worker among those that look for work in others' queues; false: enough do.
bool begin_searching(Worker* worker) noexcept;
void stop_searching(Worker* worker) noexcept;

// Ends the sleep of this worker; it sleeps until then.
void ring(Worker* worker) noexcept;
// False: the moment has come first.
bool sleep_until_rung(Worker* worker, std::int64_t until_ns = kNever) noexcept;

void wake_all_idle() noexcept;
// In the child of a fork.
void forget_idle() noexcept;

}  // namespace raddle::sched
