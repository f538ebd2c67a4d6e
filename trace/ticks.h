// SPDX-License-Identifier: Apache-2.0
// The counter that stamps events. A trace's header says how its ticks become nanoseconds.
#pragma once

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace raddle::trace {

// Past the interposed function: under a policy that one's time is the program's, and each look at
// it makes some pass.
inline std::uint64_t monotonic_ns() {
  timespec now{};
  ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(now.tv_nsec);
}

inline std::uint64_t ticks() {
#if defined(__x86_64__)
  return __rdtsc();
#elif defined(__aarch64__)
  std::uint64_t value;
  asm volatile("mrs %0, cntvct_el0" : "=r"(value));
  return value;
#else
  return monotonic_ns();
#endif
}

// One moment on both clocks.
struct Moment {
  std::uint64_t ticks, ns;
};

// The closest of a few tries: the scheduler may come between the two readings.
inline Moment moment() {
#if defined(__x86_64__)
  constexpr std::uint64_t kCloseTicks = 2000;  // less than a microsecond: nothing came between
#else
  constexpr std::uint64_t kCloseTicks = 0;  // counters differ in what a tick is
#endif
  Moment best{};
  std::uint64_t best_gap = ~std::uint64_t{0};
  for (int i = 0; i < 5 && best_gap > kCloseTicks; ++i) {
    const std::uint64_t before = ticks();
    const std::uint64_t ns = monotonic_ns();
    const std::uint64_t gap = ticks() - before;
    if (gap >= best_gap) continue;
    best_gap = gap;
    best = {before + gap / 2, ns};
  }
  return best;
}

}  // namespace raddle::trace
