// SPDX-License-Identifier: Apache-2.0
// The wish to end a long command early, with what it has until then.
#pragma once

#include <signal.h>

#include <array>
#include <cstddef>

namespace raddle::cli {

// The signal that asked for it since the first InterruptGuard; 0: none did.
int interrupt_signal();
inline bool is_interrupted() { return interrupt_signal() != 0; }

// While it lives, SIGINT, SIGTERM and SIGHUP do nothing but that, unless they were ignored before.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, kSignals.size()> before_{};
};

}  // namespace raddle::cli
