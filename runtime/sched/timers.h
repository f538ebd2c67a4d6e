// SPDX-License-Identifier: Apache-2.0
// What is to happen at a moment of steady_clock. What a task arms lies with its worker, which fires
// it between two tasks, or wakes for it when it has none, as Go's Ps do. A thread of the runtime
// fires what threads have armed, and what a worker does not come to: its task computes or blocks.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/sched/timer_shelf.h"

namespace raddle::sched {

struct Worker;

// The time by which tasks sleep: of steady_clock, unless a policy has a clock of its own.
std::int64_t task_time_ns() noexcept;

// Starts the timers' thread if there is none. False: the system refuses. It is there before the
// first task, so that what starting a thread records never stands between a wait and a sleep.
bool ensure_timers() noexcept;
// From now on none is started: a policy will decide about all timers. Before the first worker.
void do_without_timers_thread() noexcept;
// The timer must stay where it is until it has fired or has been cancelled. Ends the process with a
// message when there is no timers' thread and the system refuses one.
void arm(Timer& timer) noexcept;
// What a timer is for, now that its time has come; it is in no heap any more. For policies, which
// keep timers of their own.
void fire(Timer& timer) noexcept;
// False: it has fired, or its `fire` is about to be called or under way. A waiter has been claimed
// by then or never will be.
bool cancel(Timer& timer) noexcept;
// The program's.
std::size_t armed_timers() noexcept;

// Whether this worker has something to fire. Reads the clock only if it has timers.
bool has_due_timers(const Worker* worker) noexcept;
// Of this worker, on its own stack: fires what is due. What becomes runnable is put behind its
// tasks.
void fire_due_timers(Worker* worker) noexcept;

// In the child of a fork, while the workers are still known.
void forget_timers_of_workers() noexcept;

}  // namespace raddle::sched
