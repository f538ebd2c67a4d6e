// SPDX-License-Identifier: Apache-2.0
#include "raddle/once.h"

#include "runtime/sync/wait_queue.h"

namespace raddle {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

namespace {

enum State : std::uint32_t { kNew, kRunning, kDone };

}  // namespace

bool Once::begin() noexcept {
  // acquire: what f did.
  if (state_.load(std::memory_order_acquire) == kDone) [[likely]] {
    note(Kind::kOnceSeen, this);
    return false;
  }
  ListLock lock(waiters_);
  switch (state_.load(std::memory_order_acquire)) {
    case kDone:
      note(Kind::kOnceSeen, this);
      return false;
    case kNew:
      state_.store(kRunning, std::memory_order_relaxed);
      return true;
    default:
      break;
  }
  WaitNode node;
  wait_in(waiters_, lock, node, Kind::kOnceWait, this);
  return false;
}

void Once::end() noexcept {
  Claimed claimed;
  ListLock lock(waiters_);
  note(Kind::kOnceDone, this);
  state_.store(kDone, std::memory_order_release);
  while (WaitNode* node = claim_first(waiters_)) {
    note(Kind::kOnceSeen, this, {.actor = node->waiter->id()});
    claimed.add(node);
  }
  lock.unlock();
  claimed.unpark_all();
}

}  // namespace raddle
