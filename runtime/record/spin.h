// SPDX-License-Identifier: Apache-2.0
// A lock for the recorder's rare slow paths: no futex, no libc, yields under contention.
#pragma once

#include <atomic>

#include "runtime/record/system_calls.h"

namespace raddle::record {

class __attribute__((capability("mutex"))) SpinLock {
 public:
  void lock() noexcept __attribute__((acquire_capability())) {
    for (int tries = 0; held_.exchange(true, std::memory_order_acquire); ++tries) {
      if (tries > 64) yield_processor();
    }
  }
  void unlock() noexcept __attribute__((release_capability())) {
    held_.store(false, std::memory_order_release);
  }

 private:
  std::atomic<bool> held_{false};
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
