// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/spin_lock.h"

#include "runtime/record/system_calls.h"
#include "runtime/sched/cpu.h"
#include "runtime/sched/tsan.h"

namespace raddle::sched {

void wait_for_spin_lock(std::atomic<std::uint32_t>& word) noexcept {
  constexpr int kSpins = 64;  // then its holder has probably lost its processor
  for (int spins = 0;;) {
    if (word.load(std::memory_order_relaxed) == 0 &&
        word.exchange(1, std::memory_order_acquire) == 0) {
      tsan_acquire(&word);
      return;
    }
    if (++spins < kSpins) {
      pause_cpu();
    } else {
      record::yield_processor();
      spins = 0;
    }
  }
}

}  // namespace raddle::sched
