// SPDX-License-Identifier: Apache-2.0
// Recording several runs in one process, one after the other, each into a trace of its own.
#pragma once

#include "trace/event.h"

namespace raddle::record {

inline constexpr trace::TaskId kMain = 1;
// The thread that makes one run after the other. Whatever number it got when it began depends on
// what else was beginning, and a schedule speaks of tasks by number.
inline constexpr trace::TaskId kRunner = 2;

// In the child of a fork of a process that records nothing: records as RADDLE_OPTIONS asks from
// here on, as from the start of a program. Call it while there is one thread.
void start_in_fork() noexcept;
// In the child of a fork of a process that records, before it makes a thread: records from here on,
// into a trace of its own. Until then there is one thread, and nothing to be ordered. Does nothing
// in any other process, and a second time.
void start_in_forked_child() noexcept;
// In a child that no handler of pthread_atfork() has seen.
void note_fork_in_child() noexcept;
// What hooks do in such a child: locks of threads that it does not have are free. Set before main.
inline constinit void (*g_free_atomics)() noexcept = nullptr;
// What interpose does then. Set before main.
inline constinit void (*g_on_start)() noexcept = nullptr;

// What sync does when main returns, before that is recorded. Set before main.
inline constinit void (*g_before_return)() noexcept = nullptr;

// What run_options() says of the next run, as in RADDLE_OPTIONS; nothing is recorded until it
// begins. Ends the process with a message if they are no good.
void read_run_options(const char* text) noexcept;
// A new trace, as if the program had just begun: what this thread runs is main, and new tasks are
// counted on from kRunner. No other thread may be recording. Ends
// the process with a message if the trace cannot be written.
void begin_run_again() noexcept;
// Whether another trace can have what this one refers to: else the process must make room for
// another one.
bool can_begin_run_again() noexcept;
// Whether the last run's trace is in another file than that of the run before at the same path, or
// in one of another size.
bool has_new_trace() noexcept;
// The run is over with this exit status, and its trace is whole.
void end_run(int status) noexcept;

}  // namespace raddle::record
