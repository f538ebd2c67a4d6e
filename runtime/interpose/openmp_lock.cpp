// SPDX-License-Identifier: Apache-2.0
#include "runtime/interpose/openmp_lock.h"

#include <sched.h>

#include <atomic>
#include <cstddef>

#include "runtime/record/clock.h"

namespace raddle::interpose::openmp {
namespace {

enum class State : std::uint8_t { kFree, kHeld, kUntold };

struct Lock {
  std::atomic<std::uint64_t> id{0};  // 0: none yet
  std::atomic<State> state{State::kFree};
};
constexpr std::size_t kLocks = 4096;  // open addressing; of further ones nobody waits
constinit Lock g_locks[kLocks];

Lock* find(std::uint64_t id) {
  std::size_t at = (id * 0x9e37'79b9'7f4a'7c15u) >> 52;
  for (std::size_t tries = 0; tries < 64; ++tries, at = (at + 1) % kLocks) {
    // Relaxed: an id stays for good, and says nothing of anything else.
    std::uint64_t known = g_locks[at].id.load(std::memory_order_relaxed);
    if (known == id) return &g_locks[at];
    if (known != 0) continue;
    if (g_locks[at].id.compare_exchange_strong(known, id, std::memory_order_relaxed) ||
        known == id) {
      return &g_locks[at];
    }
  }
  return nullptr;
}

}  // namespace

void begin_holding(std::uint64_t lock) noexcept {
  constexpr std::uint64_t kMostNs = 1'000'000'000;
  Lock* found = find(lock);
  if (found == nullptr) return;
  const std::uint64_t start_ns = record::monotonic_ns();
  State state = State::kFree;
  // acquire: what the one before recorded has its number.
  while (!found->state.compare_exchange_weak(state, State::kHeld, std::memory_order_acquire)) {
    if (state == State::kUntold) return;
    if (record::monotonic_ns() - start_ns > kMostNs) {
      found->state.store(State::kUntold, std::memory_order_relaxed);
      return;
    }
    state = State::kFree;
    sched_yield();
  }
}

void end_holding(std::uint64_t lock) noexcept {
  Lock* found = find(lock);
  if (found == nullptr) return;
  State held = State::kHeld;
  found->state.compare_exchange_strong(held, State::kFree, std::memory_order_release);
}

}  // namespace raddle::interpose::openmp
