// SPDX-License-Identifier: Apache-2.0
// state_: kLocked, and kWaiters when somebody stands in the queue; kWaiters changes only under the
// queue's lock. A woken waiter competes with newcomers, who have a processor already; after a
// millisecond it is handed the mutex instead (Go, sync/mutex.go: starvation mode).
#include "raddle/mutex.h"

#include "runtime/sync/wait_queue.h"

namespace raddle {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

namespace {

constexpr std::uint32_t kLocked = 1;
constexpr std::uint32_t kWaiters = 2;
constexpr std::int64_t kStarvingNs = 1'000'000;

}  // namespace

void Mutex::note_init() noexcept { note(Kind::kMutexInit, this); }

Mutex::~Mutex() {
  if (!record::is_on()) [[likely]]
    return;
  if ((state_.load(std::memory_order_relaxed) & kLocked) != 0) {
    note(Kind::kMutexMisuse, this,
         {.index = static_cast<std::uint32_t>(trace::Misuse::kDestroyedWhileLocked)});
  }
  note(Kind::kMutexDestroy, this);
}

bool Mutex::try_take() noexcept {
  std::uint32_t state = state_.load(std::memory_order_relaxed);
  while ((state & kLocked) == 0) {
    // acquire: what its last holder did.
    if (state_.compare_exchange_weak(state, state | kLocked, std::memory_order_acquire,
                                     std::memory_order_relaxed)) {
      note(Kind::kMutexLock, this);
      return true;
    }
  }
  return false;
}

void Mutex::lock() noexcept {
  std::uint32_t expected = 0;
  if (state_.compare_exchange_strong(expected, kLocked, std::memory_order_acquire,
                                     std::memory_order_relaxed)) [[likely]] {
    note(Kind::kMutexLock, this);
    return;
  }
  lock_slowly();
}

bool Mutex::try_lock() noexcept { return try_take(); }

void Mutex::lock_slowly() noexcept {
  WaitNode node;
  bool has_waited = false;
  for (;;) {
    ListLock lock(waiters_);
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    for (;;) {
      const bool is_free = (state & kLocked) == 0;
      const std::uint32_t wanted = is_free ? state | kLocked : state | kWaiters;
      if (state_.compare_exchange_weak(state, wanted, std::memory_order_acquire,
                                       std::memory_order_relaxed)) {
        if (!is_free) break;
        note(Kind::kMutexLock, this);
        return;
      }
    }
    if (!has_waited) node.since_ns = sched::now_ns();
    sched::Waiter waiter;
    note(Kind::kMutexWait, this);
    waiter.know_id();
    node.waiter = &waiter;
    if (has_waited) {
      push_front(waiters_, node);
    } else {
      push_back(waiters_, node);
    }
    has_waited = true;
    lock.unlock();
    waiter.park();
    if (node.is_served) return;  // it was handed over
  }
}

void Mutex::unlock() {
  if (record::is_on()) [[unlikely]] {
    if ((state_.load(std::memory_order_relaxed) & kLocked) != 0) note(Kind::kMutexUnlock, this);
  }
  std::uint32_t expected = kLocked;
  // release: what was done under it.
  if (state_.compare_exchange_strong(expected, 0, std::memory_order_release,
                                     std::memory_order_relaxed)) [[likely]] {
    return;
  }
  unlock_slowly();
}

void Mutex::unlock_slowly() {
  ListLock lock(waiters_);
  if ((state_.load(std::memory_order_relaxed) & kLocked) == 0) {
    note(Kind::kMutexMisuse, this,
         {.index = static_cast<std::uint32_t>(trace::Misuse::kUnlockOfUnlocked)});
    throw MutexMisuse("unlock of unlocked mutex");
  }
  WaitNode* node = claim_first(waiters_);
  const std::uint32_t waiters = has_waiters(waiters_) ? kWaiters : 0;
  if (node != nullptr && sched::now_ns() - node->since_ns > kStarvingNs) {
    node->is_served = true;
    state_.store(kLocked | waiters, std::memory_order_relaxed);  // ordered by its unpark
    note(Kind::kMutexLock, this, {.actor = node->waiter->id()});
  } else {
    state_.store(waiters, std::memory_order_release);
  }
  lock.unlock();
  if (node != nullptr) node->waiter->unpark();
}

}  // namespace raddle
