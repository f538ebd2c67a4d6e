// SPDX-License-Identifier: Apache-2.0
// A lock of one word for a few instructions: works from tasks and threads, never switches, is not
// seen by the recorder. The store that frees it is the last touch of its memory.
#pragma once

#include <atomic>
#include <cstdint>

#include "runtime/sched/tsan.h"

namespace raddle::sched {

void wait_for_spin_lock(std::atomic<std::uint32_t>& word) noexcept;

inline void lock_spin(std::atomic<std::uint32_t>& word) noexcept {
  if (word.exchange(1, std::memory_order_acquire) != 0) [[unlikely]]
    return wait_for_spin_lock(word);
  tsan_acquire(&word);
}
inline void unlock_spin(std::atomic<std::uint32_t>& word) noexcept {
  tsan_release(&word);
  word.store(0, std::memory_order_release);
}

class SpinGuard {
 public:
  explicit SpinGuard(std::atomic<std::uint32_t>& word) noexcept : word_(word) { lock_spin(word_); }
  ~SpinGuard() { unlock_spin(word_); }
  SpinGuard(const SpinGuard&) = delete;
  SpinGuard& operator=(const SpinGuard&) = delete;

 private:
  std::atomic<std::uint32_t>& word_;
};

}  // namespace raddle::sched
