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
  explicit Semaphore(std::int64_t permits) noexcept;
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  void acquire() noexcept;
  bool try_acquire() noexcept;
  void release(std::int64_t n = 1) noexcept;

 private:
  bool try_take() noexcept;

  detail::WaitList waiters_;  // its lock guards the number
  std::int64_t permits_;
};

}  // namespace raddle
