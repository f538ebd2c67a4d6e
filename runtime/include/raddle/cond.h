// SPDX-License-Identifier: Apache-2.0
// A condition variable for tasks and threads.
#pragma once

#include <type_traits>

#include "raddle/detail/api.h"
#include "raddle/detail/wait_list.h"

namespace raddle {
namespace detail {

// A wait that has begun: notified from its construction on.
class RADDLE_API CondWait {
 public:
  CondWait(WaitList& waiters, const void* cond) noexcept;
  ~CondWait();  // where the unlock has thrown: nobody has waited
  CondWait(const CondWait&) = delete;
  CondWait& operator=(const CondWait&) = delete;
  void wait(const void* mutex) noexcept;

 private:
  static constexpr unsigned kBytes = 128;
  WaitList& waiters_;
  const void* cond_;
  alignas(16) unsigned char body_[kBytes];
  bool has_waited_ = false;
};

template <typename Lock>
const void* address_of_mutex(Lock& lock) noexcept {
  if constexpr (requires { lock.mutex(); }) {
    return lock.mutex();
  } else {
    return &lock;
  }
}

}  // namespace detail

/// Waits for something that another task or thread does under a lock and then tells of by a notify.
/// Go's sync.Cond: what was done before a notify is seen by the waits that it ends, even where the
/// notifier did not hold the lock. A wait ends only by a notify; but what it waited for may be gone
/// again when it has the lock back.
class RADDLE_API Cond {
 public:
  constexpr Cond() noexcept {
    if (!std::is_constant_evaluated()) note_init();
  }
  ~Cond();
  Cond(const Cond&) = delete;
  Cond& operator=(const Cond&) = delete;

  /// Unlocks `lock` (anything with lock() and unlock(): std::unique_lock, raddle::Mutex), waits,
  /// and locks it again. What unlocking throws, as where it is not locked, is passed on, and
  /// nothing was done.
  template <typename Lock>
  void wait(Lock& lock) {
    detail::CondWait wait(waiters_, this);
    lock.unlock();
    wait.wait(detail::address_of_mutex(lock));
    lock.lock();
  }
  /// Waits until `is_true()`, which is called with the lock held.
  template <typename Lock, typename Predicate>
  void wait(Lock& lock, Predicate is_true) {
    while (!is_true()) wait(lock);
  }

  /// Ends the longest wait; nothing happens if nobody waits.
  void notify_one() noexcept;
  /// Ends all waits that have begun.
  void notify_all() noexcept;

 private:
  void note_init() noexcept;

  detail::WaitList waiters_;
};

}  // namespace raddle
