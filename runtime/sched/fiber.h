// SPDX-License-Identifier: Apache-2.0
// Stacks that can be left and entered again: exception state and sanitizers around the switch.
//
// A fiber may go on on another thread: what belongs to a thread is looked up anew after a switch,
// in functions that are not inlined.
#pragma once

#include <cstddef>

#include "runtime/sched/switch.h"
#include "runtime/sched/tsan.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RADDLE_ASAN 1
#endif
#endif

namespace raddle::sched {

// Of abi::__cxa_get_globals(): what is being thrown and caught.
struct ExceptionState {
  void* caught = nullptr;
  unsigned uncaught = 0;
};

// A stack that can be left and entered: a task's, or a thread's own.
struct Fiber {
  void* stack_pointer = nullptr;
  void* stack_low = nullptr;  // of a thread's own: known only where a sanitizer wants it
  std::size_t stack_bytes = 0;
  ExceptionState exceptions;
  void* fake_stack = nullptr;  // AddressSanitizer's
  void* tsan_fiber = nullptr;  // ThreadSanitizer's
};

// Where the C++ runtime keeps this thread's exceptions: the same as long as the thread lives.
ExceptionState* exceptions_of_this_thread() noexcept;

// The stack that runs now becomes one that can be left. Once, by the thread itself.
void know_home(Fiber& home) noexcept;
// Makes `fiber` one that will call body(argument) on [stack_low, top); top: 16-byte aligned, below
// stack_low + stack_bytes. `body` must not return, and begins with begin_on_fiber().
void make_fiber(Fiber& fiber, void* top, void (*body)(void*), void* argument) noexcept;
void begin_on_fiber() noexcept;
#if defined(RADDLE_ASAN) || defined(RADDLE_TSAN)
void tell_sanitizers_of_leaving(Fiber& from, Fiber& to, bool from_ends) noexcept;
void tell_sanitizers_of_return(Fiber& from) noexcept;
#else
inline void tell_sanitizers_of_leaving(Fiber&, Fiber&, bool) noexcept {}
inline void tell_sanitizers_of_return(Fiber&) noexcept {}
#endif
// Leaves `from`, which runs, and goes on with `to` on the same thread, whose exceptions are given.
// Returns when `from` is entered again, perhaps on another thread. from_ends: never.
inline void switch_fiber(ExceptionState* of_thread, Fiber& from, Fiber& to,
                         bool from_ends) noexcept {
  from.exceptions = *of_thread;
  *of_thread = to.exceptions;
  tell_sanitizers_of_leaving(from, to, from_ends);
  switch_stack(&from.stack_pointer, to.stack_pointer);
  tell_sanitizers_of_return(from);
}
// After it has ended, from another one.
void discard_fiber(Fiber& fiber) noexcept;

}  // namespace raddle::sched
