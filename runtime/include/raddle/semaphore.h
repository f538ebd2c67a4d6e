// SPDX-License-Identifier: Apache-2.0
// A counting semaphore for tasks and threads.
#pragma once

#include <cstdint>

#include "raddle/detail/api.h"
#include "raddle/detail/wait_list.h"

namespace raddle {

/// Holds permits; acquire() takes one, waiting in order of arrival. What was done before a
/// release() is seen after an acquire() that follows it.
class RADDLE_API Semaphore {
 public:
  /// With so many permits.
  explicit Semaphore(std::int64_t permits) noexcept;
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// Waits for a permit and takes it; those who wait are served in their order.
  void acquire() noexcept;
  /// Takes a permit if there is one and nobody waits.
  bool try_acquire() noexcept;
  /// Gives back n permits, which may be more than were taken.
  void release(std::int64_t n = 1) noexcept;

 private:
  bool try_take() noexcept;

  detail::WaitList waiters_;  // its lock guards the number
  std::int64_t permits_;
};

}  // namespace raddle
