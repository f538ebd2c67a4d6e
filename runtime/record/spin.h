// SPDX-License-Identifier: Apache-2.0
// A lock for the recorder's rare slow paths: it spins a little, then sleeps, for its holder may
// wait for the disk.
#pragma once

#include <linux/futex.h>

#include <atomic>
#include <cstdint>

#include "runtime/record/bare_futex.h"

namespace raddle::record {

// How many this thread holds or asks for: the handler of a signal must not wait for what it has
// interrupted.
inline constinit thread_local volatile unsigned t_spin_locks
    __attribute__((tls_model("initial-exec"))) = 0;

class __attribute__((capability("mutex"))) SpinLock {
 public:
  void lock() noexcept __attribute__((acquire_capability())) {
    constexpr int kSpins = 64;
    for (int i = 0; i < kSpins; ++i) {
      if (try_lock()) return;
    }
    t_spin_locks = t_spin_locks + 1;
    while (word_.exchange(kHeldAndWanted, std::memory_order_acquire) != kFree) {
      bare_futex(&word_, FUTEX_WAIT_PRIVATE, kHeldAndWanted, nullptr, 0);
    }
  }
  bool try_lock() noexcept __attribute__((try_acquire_capability(true))) {
    std::uint32_t expected = kFree;
    t_spin_locks = t_spin_locks + 1;
    const bool has_locked =
        word_.load(std::memory_order_relaxed) == kFree &&
        word_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire,
                                      std::memory_order_relaxed);
    if (!has_locked) t_spin_locks = t_spin_locks - 1;
    return has_locked;
  }
  void unlock() noexcept __attribute__((release_capability())) {
    const bool is_wanted = word_.exchange(kFree, std::memory_order_release) == kHeldAndWanted;
    t_spin_locks = t_spin_locks - 1;
    if (is_wanted) bare_futex(&word_, FUTEX_WAKE_PRIVATE, 1, nullptr, 0);
  }

 private:
  static constexpr std::uint32_t kFree = 0, kHeld = 1, kHeldAndWanted = 2;
  std::atomic<std::uint32_t> word_{kFree};
};

class __attribute__((scoped_lockable)) SpinGuard {
 public:
  explicit SpinGuard(SpinLock& lock) noexcept __attribute__((acquire_capability(lock)))
      : lock_(lock) {
    lock_.lock();
  }
  ~SpinGuard() __attribute__((release_capability())) { lock_.unlock(); }
  SpinGuard(const SpinGuard&) = delete;
  SpinGuard& operator=(const SpinGuard&) = delete;

 private:
  SpinLock& lock_;
};

}  // namespace raddle::record
