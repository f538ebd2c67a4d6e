// SPDX-License-Identifier: Apache-2.0
// state_: it is locked while kLocked is there; what is recorded of a lock is recorded while it is
// held. kWaiters, when somebody stands in the queue, changes only under the queue's lock. A woken
// waiter competes with newcomers, who have a processor already; after a millisecond it is handed
// the mutex instead (Go, sync/mutex.go: starvation mode).
#include "raddle/mutex.h"

#include "runtime/sched/timers.h"
#include "runtime/sync/wait_queue.h"

namespace raddle {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

namespace {

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

bool Mutex::try_take(std::uint32_t lock_flags) noexcept {
  std::uint32_t state = state_.load(std::memory_order_relaxed);
  while ((state & kLocked) == 0) {
    // acquire: what its last holder did.
    if (state_.compare_exchange_weak(state, state | kLocked, std::memory_order_acquire,
                                     std::memory_order_relaxed)) {
      note(Kind::kMutexLock, this, {.index = lock_flags});
      return true;
    }
  }
  return false;
}

void Mutex::lock_out_of_line() noexcept {
  sched::before_operation(this);
  if (!try_take(0)) lock_slowly();
}

bool Mutex::try_lock() noexcept {
  sched::before_operation(this);
  return try_take(trace::kTried);
}

void Mutex::lock_slowly() noexcept {
  WaitNode node;
  bool has_waited = false;
  for (;;) {
    ListLock lock(waiters_, this);
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    for (;;) {
      const bool is_free = (state & kLocked) == 0;
      const std::uint32_t wanted = state | (is_free ? kLocked : kWaiters);
      if (state_.compare_exchange_weak(state, wanted, std::memory_order_acquire,
                                       std::memory_order_relaxed)) {
        if (!is_free) break;
        note(Kind::kMutexLock, this);
        return;
      }
    }
    if (!has_waited) node.since_ns = sched::task_time_ns();
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
    waiter.park(Kind::kMutexWait, this);
    if (node.is_served) return;  // it was handed over
  }
}

void Mutex::unlock_watched() {
  sched::before_operation(this);
  const std::uint32_t state = state_.load(std::memory_order_relaxed);
  if ((state & kWaiters) != 0) record::time_passes();
  // Only its holder sees it locked for sure; others fail below.
  if ((state & kLocked) != 0) note(Kind::kMutexUnlock, this);
  const std::uint32_t before = state_.fetch_sub(kLocked, std::memory_order_release);
  if (before != kLocked) unlock_out_of_line(before);
}

void Mutex::unlock_out_of_line(std::uint32_t before) {
  if ((before & kLocked) == 0) fail_unlock();
  give_on();
}

// Somebody waits, or did. It is free, and another one may have it already, who will see kWaiters.
void Mutex::give_on() noexcept {
  ListLock lock(waiters_, this);
  std::uint32_t state = state_.load(std::memory_order_relaxed);
  if ((state & kLocked) != 0) return;
  WaitNode* node = claim_first(waiters_);
  const std::uint32_t waiters = has_waiters(waiters_) ? kWaiters : 0;
  const bool is_starving = node != nullptr && sched::task_time_ns() - node->since_ns > kStarvingNs;
  const std::uint32_t wanted = waiters | (is_starving ? kLocked : 0);
  bool is_done = false;
  // A try_lock may come between. release: what was done under it.
  while ((state & kLocked) == 0 && !is_done) {
    is_done = state_.compare_exchange_weak(state, wanted, std::memory_order_release,
                                           std::memory_order_relaxed);
  }
  if (!is_done && waiters == 0) state_.fetch_and(~kWaiters, std::memory_order_relaxed);
  if (is_done && is_starving) {
    node->is_served = true;
    note(Kind::kMutexLock, this, {.actor = node->waiter->id()});
  }
  lock.unlock();
  if (node != nullptr) node->waiter->unpark();
}

// Puts back what unlock() took away. Meanwhile it looked locked, and somebody may have begun to
// wait.
void Mutex::fail_unlock() {
  {
    const ListLock lock(waiters_, this);
    state_.fetch_add(kLocked, std::memory_order_relaxed);
    if (has_waiters(waiters_)) state_.fetch_or(kWaiters, std::memory_order_relaxed);
    note(Kind::kMutexMisuse, this,
         {.index = static_cast<std::uint32_t>(trace::Misuse::kUnlockOfUnlocked)});
  }
  if ((state_.load(std::memory_order_relaxed) & kWaiters) != 0) give_on();
  throw MutexMisuse("unlock of unlocked mutex");
}

}  // namespace raddle
