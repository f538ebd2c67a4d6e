// SPDX-License-Identifier: Apache-2.0
// Says, while it exists, that this thread is blocked: the watchdog looks for a process in which
// every thread is so.
#pragma once

#include <cstdint>

namespace raddle::interpose {

// What can end a wait.
enum class Until : std::uint8_t {
  kWoken,          // only another thread of this process
  kWokenOrSignal,  // ... or a signal handler (sem_post)
  kTime,           // ... or time: never a hang
};

// Unwinding, as by pthread_cancel, ends it too.
class Blocked {
 public:
  // `object`: what it waits on. If that lies in memory shared with other processes, it is no hang.
  Blocked(Until until, const volatile void* object) noexcept { begin(until, object); }
  ~Blocked() { end(); }
  static void begin(Until until, const volatile void* object) noexcept;
  static void end() noexcept;  // earlier than its scope; idempotent
  Blocked(const Blocked&) = delete;
  Blocked& operator=(const Blocked&) = delete;
};

}  // namespace raddle::interpose
