// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/futex.h"

#include <linux/futex.h>
#include <time.h>

#include "runtime/record/bare_futex.h"
#include "runtime/sched/tsan.h"

namespace raddle::sched {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

}  // namespace

std::int64_t now_ns() noexcept {
  const TsanIgnoresWrites ignored;
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * kNsPerSecond + time.tv_nsec;
}

void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::int64_t deadline_ns) noexcept {
  // WAIT_BITSET takes an absolute time of the monotonic clock.
  const timespec time{deadline_ns / kNsPerSecond, deadline_ns % kNsPerSecond};
  record::bare_futex(&word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, static_cast<long>(expected),
                     deadline_ns == kNever ? nullptr : &time, -1);
}

void futex_wake(std::atomic<std::uint32_t>& word, int count) noexcept {
  record::bare_futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count, nullptr, 0);
}

}  // namespace raddle::sched
