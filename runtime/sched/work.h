// SPDX-License-Identifier: Apache-2.0
// Which task a worker runs: its own queue, the global one now and then, others' when both are
// empty, as Go's do (runtime/proc.go). The part that a Policy takes over.
#pragma once

#include <span>

#include "runtime/sched/worker.h"

namespace raddle::sched {

// Puts a task that can run behind the others of this worker, or before them (is_next). On a thread
// (null): into the global queue.
void make_runnable(Worker* worker, Task* task, bool is_next) noexcept;
void make_all_runnable(std::span<Task* const> tasks) noexcept;

// Now and then, while its own queue still has something, a worker looks at what others have for it:
// see Go's schedule().
inline bool is_time_to_look_around(const Worker* worker) noexcept {
  constexpr std::uint32_t kEveryTicks = 61;
  return worker->ticks.load(std::memory_order_relaxed) % kEveryTicks == 0;
}

// What this worker runs next of what is at hand. Null: it must search.
Task* find_own(Worker* worker) noexcept;
// On its own stack: searches and waits until there is something.
Task* find_task(Worker* worker) noexcept;

// Moves all that waits for this worker to the global queue.
void give_up_queue(Worker* worker) noexcept;
bool is_work_anywhere() noexcept;
// In the child of a fork.
void forget_work() noexcept;

}  // namespace raddle::sched
