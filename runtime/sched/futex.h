// SPDX-License-Identifier: Apache-2.0
// The kernel's wait on a word, by a bare system call: what the runtime does for itself is not
// recorded.
#pragma once

#include <atomic>
#include <cstdint>

namespace raddle::sched {

inline constexpr std::int64_t kNever = INT64_MAX;

// Nanoseconds of steady_clock (CLOCK_MONOTONIC).
std::int64_t now_ns() noexcept;

// Sleeps while the word is `expected`, until woken or `deadline_ns`; may return for no reason.
// Leaves errno alone.
void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::int64_t deadline_ns = kNever) noexcept;
// Touches only the address: the word may be gone already.
void futex_wake(std::atomic<std::uint32_t>& word, int count = 1) noexcept;

}  // namespace raddle::sched
