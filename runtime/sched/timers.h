// SPDX-License-Identifier: Apache-2.0
// What is to happen at a moment of steady_clock. One thread of the runtime waits for the earliest.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/sched/timer_heap.h"

namespace raddle::sched {

class Waiter;

struct Timer {
  std::int64_t when_ns = 0;
  Waiter* waiter = nullptr;                   // is claimed as timed out and unparked; or
  void (*fire)(Timer& timer) = nullptr;       // is called, on the timers' thread
  std::uint32_t place = TimerHeap::kNowhere;  // in the heap
  bool is_ours = false;                       // the runtime's, for its own upkeep
};

// The time by which tasks sleep: of steady_clock, unless a policy has a clock of its own.
std::int64_t task_time_ns() noexcept;

// Starts the timers' thread if there is none. False: the system refuses. It is there before the
// first task, so that what starting a thread records never stands between a wait and a sleep.
bool ensure_timers() noexcept;
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

}  // namespace raddle::sched
