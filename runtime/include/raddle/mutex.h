// SPDX-License-Identifier: Apache-2.0
// A mutex for tasks and threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <type_traits>

#include "raddle/detail/api.h"
#include "raddle/detail/wait_list.h"
#include "raddle/errors.h"

namespace raddle {

/// Mutual exclusion; std::lock_guard, unique_lock and scoped_lock work on it. A task that waits
/// lets others run. Not recursive: locking it twice blocks for ever. As in Go, whoever unlocks it
/// need not be who locked it. A waiter that has not got it for a millisecond gets it next.
class RADDLE_API Mutex {
 public:
  constexpr Mutex() noexcept {
    if (!std::is_constant_evaluated()) note_init();
  }
  ~Mutex();
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() noexcept;
  bool try_lock() noexcept;
  /// Throws MutexMisuse if it is not locked.
  void unlock();

 private:
  void note_init() noexcept;
  void lock_slowly() noexcept;
  void unlock_slowly();
  bool try_take() noexcept;

  std::atomic<std::uint32_t> state_{0};
  detail::WaitList waiters_;
};

}  // namespace raddle
