// SPDX-License-Identifier: Apache-2.0
// A piece of a program that is run again and again in one process, each time under a schedule that
// somebody asks for.
#pragma once

namespace raddle::sched {

// In a process that has no other thread, and that record::serve_runs() has made: runs
// body(argument) as main of a small program of its own, for the options in RADDLE_OPTIONS and for
// each command that comes through the socket after them. Ends the process when nobody asks any
// more, or with the first run that does not end as it began: with tasks that are left, or with a
// panic.
[[noreturn]] void run_again_and_again(int socket, void (*body)(void*), void* argument);

}  // namespace raddle::sched
