// SPDX-License-Identifier: Apache-2.0
// A lock for the recorder's rare slow paths: it spins a little, then sleeps, for its holder may
// wait for the disk.
#pragma once

#include <linux/futex.h>

#include <atomic>
#include <cstdint>

#include "runtime/record/bare_futex.h"

namespace raddle::record {

class __attribute__((capability("mutex"))) SpinLock {
 public:
  void lock() noexcept __attribute__((acquire_capability())) {
    constexpr int kSpins = 64;
    for (int i = 0; i < kSpins; ++i) {
      if (try_lock()) return;
    }
    while (word_.exchange(kHeldAndWanted, std::memory_order_acquire) != kFree) {
      bare_futex(&word_, FUTEX_WAIT_PRIVATE, kHeldAndWanted, nullptr, 0);
    }
  }
  bool try_lock() noexcept __attribute__((try_acquire_capability(true))) {
    std::uint32_t expected = kFree;
    return word_.load(std::memory_order_relaxed) == kFree &&
           word_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire,
                                         std::memory_order_relaxed);
  }
  void unlock() noexcept __attribute__((release_capability())) {
    if (word_.exchange(kFree, std::memory_order_release) != kHeldAndWanted) return;
    bare_futex(&word_, FUTEX_WAKE_PRIVATE, 1, nullptr, 0);
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
