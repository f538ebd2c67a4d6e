// SPDX-License-Identifier: Apache-2.0
// Stacks that can be left and entered again: the switch itself, exception state, sanitizers.
//
// Only a worker's own stack enters fibers, and a fiber leaves only to the worker that entered it;
// so everything that belongs to a thread is touched on the worker's stack alone.
#pragma once

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RADDLE_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define RADDLE_TSAN 1
#endif
#endif

namespace raddle::sched {

// Of abi::__cxa_get_globals(): what is being thrown and caught.
struct ExceptionState {
  void* caught = nullptr;
  unsigned uncaught = 0;
};

struct Fiber {
  void* stack_pointer = nullptr;
  void* stack_low = nullptr;
  std::size_t stack_bytes = 0;
  ExceptionState exceptions;
  void* fake_stack = nullptr;  // AddressSanitizer's
  void* tsan_fiber = nullptr;  // ThreadSanitizer's
};

// The stack of a thread that enters fibers.
struct HomeStack {
  void* stack_pointer = nullptr;
  void* low = nullptr;  // known only where a sanitizer wants it
  std::size_t bytes = 0;
  void* fake_stack = nullptr;
  void* tsan_fiber = nullptr;
};

// Once, by the thread itself, before it enters its first fiber.
void know_home(HomeStack& home) noexcept;
// Makes `fiber` one that will call body(argument) on [stack_low, top); top: 16-byte aligned, below
// stack_low + stack_bytes. `body` must not return.
void make_fiber(Fiber& fiber, void* top, void (*body)(void*), void* argument) noexcept;
// Runs the fiber until it leaves.
void enter_fiber(HomeStack& home, Fiber& fiber) noexcept;
// Called on the fiber. Returns when it is entered again, perhaps on another thread. is_last: never.
void leave_fiber(HomeStack& home, Fiber& fiber, bool is_last) noexcept;
// Must be called on a fiber's stack before anything else.
void begin_on_fiber() noexcept;
// After its last leave, on the worker.
void discard_fiber(Fiber& fiber) noexcept;

}  // namespace raddle::sched
