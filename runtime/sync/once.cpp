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
  for (;;) {
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
    if (node.is_served) return false;
  }
}

void Once::end(bool has_returned) noexcept {
  Claimed claimed;
  ListLock lock(waiters_);
  if (has_returned) {
    note(Kind::kOnceDone, this);
    state_.store(kDone, std::memory_order_release);
  } else {
    state_.store(kNew, std::memory_order_relaxed);
  }
  while (WaitNode* node = claim_first(waiters_)) {
    node->is_served = has_returned;
    if (has_returned) note(Kind::kOnceSeen, this, {.actor = node->waiter->id()});
    claimed.add(node);
  }
  lock.unlock();
  claimed.unpark_all();
}

}  // namespace raddle
