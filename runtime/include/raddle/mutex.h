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

  /// Waits until nobody holds it, then holds it. Locking it twice blocks for ever.
  void lock() noexcept {
    std::uint32_t expected = 0;
    if (detail::is_watched() ||
        !state_.compare_exchange_strong(expected, kLocked, std::memory_order_acquire,
                                        std::memory_order_relaxed)) [[unlikely]] {
      lock_out_of_line();
    }
  }
  /// Takes it if nobody holds it; never waits.
  bool try_lock() noexcept;
  /// Throws MutexMisuse if it is not locked.
  void unlock() {
    // Out of line also because there the state is no atomic of the program's, to be recorded.
    if (detail::is_watched()) [[unlikely]]
      return unlock_watched();
    // release: what was done under it.
    const std::uint32_t before = state_.fetch_sub(kLocked, std::memory_order_release);
    if (before != kLocked) [[unlikely]]
      unlock_out_of_line(before);
  }

 private:
  static constexpr std::uint32_t kLocked = 1;

  void note_init() noexcept;
  void lock_out_of_line() noexcept;
  void lock_slowly() noexcept;
  void unlock_watched();
  void unlock_out_of_line(std::uint32_t before);
  void give_on() noexcept;
  [[noreturn]] void fail_unlock();
  bool try_take(std::uint32_t lock_flags) noexcept;

  std::atomic<std::uint32_t> state_{0};
  detail::WaitList waiters_;
};

}  // namespace raddle
