// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/fiber.h"

#include <cxxabi.h>
#include <pthread.h>

#include <cstdint>

#ifdef RADDLE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace raddle::sched {

[[gnu::noinline]] ExceptionState* exceptions_of_this_thread() noexcept {
  asm volatile("" ::: "memory");
  return reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals());
}

void make_fiber(Fiber& fiber, void* top, void (*body)(void*), void* argument) noexcept {
  const auto aligned = reinterpret_cast<std::uintptr_t>(top) & ~std::uintptr_t{15};
  fiber.stack_pointer =
      begin_stack(fiber.stack_low, reinterpret_cast<void*>(aligned), body, argument);
  fiber.exceptions = {};
  fiber.fake_stack = nullptr;
#ifdef RADDLE_ASAN
  __asan_unpoison_memory_region(
      fiber.stack_low,
      static_cast<std::size_t>(static_cast<char*>(top) - static_cast<char*>(fiber.stack_low)));
#endif
#ifdef RADDLE_TSAN
  fiber.tsan_fiber = __tsan_create_fiber(0);
#endif
}

#if defined(RADDLE_ASAN) || defined(RADDLE_TSAN)
void tell_sanitizers_of_leaving([[maybe_unused]] Fiber& from, Fiber& to,
                                [[maybe_unused]] bool from_ends) noexcept {
#ifdef RADDLE_ASAN
  __sanitizer_start_switch_fiber(from_ends ? nullptr : &from.fake_stack, to.stack_low,
                                 to.stack_bytes);
#else
  __tsan_switch_to_fiber(to.tsan_fiber, 1);  // orders nothing: what does is told (tsan.h)
#endif
}

void tell_sanitizers_of_return([[maybe_unused]] Fiber& from) noexcept {
#ifdef RADDLE_ASAN
  __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
#endif
}
#endif

void know_home([[maybe_unused]] Fiber& home) noexcept {
#ifdef RADDLE_ASAN
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  pthread_attr_getstack(&attributes, &home.stack_low, &home.stack_bytes);
  pthread_attr_destroy(&attributes);
#endif
#ifdef RADDLE_TSAN
  home.tsan_fiber = __tsan_get_current_fiber();
#endif
}

void begin_on_fiber() noexcept {
#ifdef RADDLE_ASAN
  __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
#endif
}

void discard_fiber(Fiber& fiber) noexcept {
#ifdef RADDLE_TSAN
  __tsan_destroy_fiber(fiber.tsan_fiber);
  fiber.tsan_fiber = nullptr;
#endif
}

}  // namespace raddle::sched
