// SPDX-License-Identifier: Apache-2.0
#include "raddle/semaphore.h"

#include "runtime/sync/wait_queue.h"

namespace raddle {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

Semaphore::Semaphore(std::int64_t permits) noexcept : permits_(permits) {
  note(Kind::kSemaphoreInit, this, {.value = static_cast<std::uint64_t>(permits)});
}

bool Semaphore::try_take() noexcept {
  if (permits_ <= 0 || has_waiters(waiters_)) return false;
  --permits_;
  note(Kind::kSemaphoreAcquire, this);
  return true;
}

void Semaphore::acquire() noexcept {
  ListLock lock(waiters_);
  if (try_take()) return;
  WaitNode node;
  wait_in(waiters_, lock, node, Kind::kSemaphoreWait, this);
}

bool Semaphore::try_acquire() noexcept {
  const ListLock lock(waiters_);
  return try_take();
}

void Semaphore::release(std::int64_t n) noexcept {
  Claimed claimed;
  ListLock lock(waiters_);
  note(Kind::kSemaphoreRelease, this, {.value = static_cast<std::uint64_t>(n)});
  permits_ += n;
  while (permits_ > 0) {
    WaitNode* node = claim_first(waiters_);
    if (node == nullptr) break;
    --permits_;
    note(Kind::kSemaphoreAcquire, this, {.actor = node->waiter->id()});
    claimed.add(node);
  }
  lock.unlock();
  claimed.unpark_all();
}

}  // namespace raddle
