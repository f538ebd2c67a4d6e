// SPDX-License-Identifier: Apache-2.0
// A mutex that many may hold for reading, or one for writing.
#pragma once

#include <cstdint>
#include <type_traits>

#include "raddle/detail/api.h"
#include "raddle/detail/wait_list.h"
#include "raddle/errors.h"

namespace raddle {

/// Like std::shared_mutex, for tasks and threads; std::shared_lock works on it too. Writers come
/// first, as in Go: once one waits, new readers wait behind it (so a task must not lock it for
/// reading twice), and the readers that waited while it wrote come before the next writer.
class RADDLE_API RwMutex {
 public:
  constexpr RwMutex() noexcept {
    if (!std::is_constant_evaluated()) note_init();
  }
  ~RwMutex();
  RwMutex(const RwMutex&) = delete;
  RwMutex& operator=(const RwMutex&) = delete;

  /// Waits until nobody reads or writes, then holds it alone.
  void lock() noexcept;
  /// Takes it alone if nobody reads or writes; never waits.
  bool try_lock() noexcept;
  /// Throws MutexMisuse if it is not locked for writing.
  void unlock();
  /// Waits until nobody writes or waits to write, then holds it with other readers.
  void lock_shared() noexcept;
  /// Takes it with other readers if nobody writes or waits to write; never waits.
  bool try_lock_shared() noexcept;
  /// Throws MutexMisuse if it is not locked for reading.
  void unlock_shared();

 private:
  void note_init() noexcept;
  bool try_write(std::uint32_t lock_flags) noexcept;
  bool try_read(std::uint32_t lock_flags) noexcept;
  void wait(bool is_reader) noexcept;

  detail::WaitList waiters_;  // its lock guards what follows
  std::uint32_t readers_ = 0;
  std::uint32_t waiting_writers_ = 0;
  bool has_writer_ = false;
};

}  // namespace raddle
