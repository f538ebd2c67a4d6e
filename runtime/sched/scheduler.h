// SPDX-License-Identifier: Apache-2.0
// How tasks leave their worker and come back: what the primitives call.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/sched/task.h"

namespace raddle::sched {

// The current task lets others run; returns at once if there is none. On a thread: the processor's
// other threads.
void yield() noexcept;
// The current task leaves until wake(); returns at once if that came first. One wake for one park.
void park(Task* task) noexcept;
// is_next: it runs before the others of this worker; behind them where several are woken, so that
// they run in their order.
void wake(Task* task, bool is_next = true) noexcept;
// The first half of wake(). True: the caller has to make it runnable.
bool end_park(Task* task) noexcept;
// The current task is over. Does not return.
[[noreturn]] void leave_for_good() noexcept;
// The first thing that a new task does.
void arrive() noexcept;

// How many workers run tasks at most. n > 0 sets it (1..kMaxWorkers). Returns what it was.
inline constexpr int kMaxWorkers = 256;
int max_procs(int n) noexcept;

// The current task is about to block its thread; another worker takes over until it is back.
void begin_blocking() noexcept;
void end_blocking() noexcept;

// Freezes, and gives the tasks that run a moment to come to their wait: what a trace tells of them
// at the end of a run should not be a matter of chance. One that computes for long is left running.
void come_to_rest() noexcept;
// No task starts or resumes any more, unless the thread that ends the process has to wait for one.
void freeze() noexcept;
void thaw_for_this_thread() noexcept;

// What a worker's thread does.
void run_worker(void* worker);

// A new number each time, cheap, of no quality; not for secrets.
std::uint32_t random_number() noexcept;
// One of 0 .. count - 1, by chance or as the policy decides.
std::size_t pick(std::size_t count) noexcept;

}  // namespace raddle::sched
