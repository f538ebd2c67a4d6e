// SPDX-License-Identifier: Apache-2.0
// Marks what libraddle.so exports; and whether anybody watches the primitives.
#pragma once

#define RADDLE_API __attribute__((visibility("default")))

// Of a parameter: once the call has returned nobody has the pointer. What a local of the caller is
// used for otherwise then needs no recording.
#if defined(__clang__)
#define RADDLE_NOESCAPE __attribute__((noescape))
#else
#define RADDLE_NOESCAPE
#endif

// Not 0 while a recording or a scheduling policy wants to know of every operation: then no
// primitive takes a short cut of its own.
extern "C" RADDLE_API unsigned __raddle_watchers;

namespace raddle::detail {

// One load, unordered: a late reader only begins or ends a little later. In assembly so that the
// flag does not take it for an access of the program.
inline bool is_watched() noexcept {
#if defined(__x86_64__)
  unsigned watchers;
  asm volatile("movl %1, %0" : "=r"(watchers) : "m"(__raddle_watchers));
  return watchers != 0;
#else
  return __atomic_load_n(&__raddle_watchers, __ATOMIC_RELAXED) != 0;
#endif
}

}  // namespace raddle::detail
