// SPDX-License-Identifier: Apache-2.0
// A lock for the recorder's rare slow paths, by bare system calls: it spins a little, then sleeps,
// for its holder may wait for the disk.
#pragma once

#include <linux/futex.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "runtime/record/system_calls.h"

namespace raddle::record {

class __attribute__((capability("mutex"))) SpinLock {
 public:
  void lock() noexcept __attribute__((acquire_capability())) {
    constexpr int kSpins = 64;
    for (int i = 0; i < kSpins; ++i) {
      if (try_lock()) return;
    }
    const int saved_errno = errno;
    while (word_.exchange(kHeldAndWanted, std::memory_order_acquire) != kFree) {
      ::syscall(SYS_futex, &word_, FUTEX_WAIT_PRIVATE, kHeldAndWanted, nullptr);
    }
    errno = saved_errno;
  }
  bool try_lock() noexcept __attribute__((try_acquire_capability(true))) {
    std::uint32_t expected = kFree;
    return word_.load(std::memory_order_relaxed) == kFree &&
           word_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire,
                                         std::memory_order_relaxed);
  }
  void unlock() noexcept __attribute__((release_capability())) {
    if (word_.exchange(kFree, std::memory_order_release) != kHeldAndWanted) return;
    ::syscall(SYS_futex, &word_, FUTEX_WAKE_PRIVATE, 1);
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
