// SPDX-License-Identifier: Apache-2.0
// The few things that depend on the processor, besides the switch.
#pragma once

namespace raddle::sched {

inline void pause_cpu() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace raddle::sched
