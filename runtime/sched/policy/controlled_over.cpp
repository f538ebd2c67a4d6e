// SPDX-License-Identifier: Apache-2.0
// The schedule is over before the process: destructors of libraries that know nothing of us may
// come, and end threads that wait for their turn.
#include <time.h>

#include "runtime/record/system_calls.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/guard.h"

namespace raddle::sched {

namespace {
constexpr long kPauseNs = 1'000'000;
}

void Controlled::let_go() noexcept {
  const Guard guard(*this);
  is_over_.store(true, std::memory_order_relaxed);  // who goes to sleep sees it by the lock
  runners_.wake_threads();
}

// Who waits for an address looks again and again: what it waits for may come by the system's means.
bool Controlled::wait_when_over(std::int64_t deadline_ns) {
  const timespec pause{0, kPauseNs};
  ::syscall(SYS_nanosleep, &pause, nullptr);
  const Guard guard(*this);
  now_ns_ += kPauseNs;
  return now_ns_ < deadline_ns;
}

}  // namespace raddle::sched
