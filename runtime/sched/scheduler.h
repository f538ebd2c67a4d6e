// SPDX-License-Identifier: Apache-2.0
// The workers: threads that run tasks. Each has a queue of its own, takes from the global one now
// and then, and steals when both are empty, as Go's do (runtime/proc.go).
#pragma once

#include <cstddef>

#include "runtime/sched/task.h"

namespace raddle::sched {

// Puts a task that can run behind the others of this worker, or before them (is_next).
void make_runnable(Task* task, bool is_next) noexcept;
// The current task lets others run. On a thread: the processor's other threads.
void yield() noexcept;
// The current task leaves until wake(); returns at once if that came first. One wake for one park.
void park(Task* task) noexcept;
// is_next: it runs before the others of this worker; behind them where several are woken, so that
// they run in their order.
void wake(Task* task, bool is_next = true) noexcept;

// How many workers run tasks at most. n > 0 sets it (1..kMaxWorkers). Returns what it was.
inline constexpr int kMaxWorkers = 256;
int max_procs(int n) noexcept;

// The current task is about to block its thread; another worker takes over until it is back.
void begin_blocking() noexcept;
void end_blocking() noexcept;

// A thread of the runtime, as `name`, which never ends.
void start_thread(void (*run)(void*), void* argument) noexcept;

// No task starts or resumes any more, unless the thread that ends the process has to wait for one.
void freeze() noexcept;
void thaw_for_this_thread() noexcept;

// A new number each time, cheap, of no quality; not for secrets.
std::uint32_t random_number() noexcept;

// Tasks made and not ended.
std::size_t live_tasks() noexcept;

}  // namespace raddle::sched
