// SPDX-License-Identifier: Apache-2.0
// The violent ends of a task: an exception that leaves it, and a stack that is too small.
#pragma once

namespace raddle::sched {

// Takes std::terminate and SIGSEGV, for what happens on tasks; the rest goes to who had them
// before.
void begin_panics() noexcept;
// Lets this thread handle signals when its stack is used up.
void give_signal_stack() noexcept;

}  // namespace raddle::sched
