// SPDX-License-Identifier: Apache-2.0
// wait() always takes the lock, so that a done() that lets it return has left the group before the
// group can be destroyed.
#include "raddle/wait_group.h"

#include "runtime/sync/wait_queue.h"

namespace raddle {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

void WaitGroup::note_init() noexcept { note(Kind::kWaitGroupInit, this); }

WaitGroup::~WaitGroup() { note(Kind::kWaitGroupDestroy, this); }

void WaitGroup::add(int n) {
  Claimed claimed;
  ListLock lock(waiters_);
  if (count_ + n < 0) {
    note(Kind::kWaitGroupMisuse, this,
         {.index = static_cast<std::uint32_t>(trace::Misuse::kNegativeCounter)});
    throw WaitGroupMisuse("negative WaitGroup counter");
  }
  const bool was_zero = count_ == 0;
  count_ += n;
  const auto value = static_cast<std::uint64_t>(count_);
  if (n > 0) {
    note(Kind::kWaitGroupAdd, this, {.index = was_zero ? 1u : 0u, .value = value});
  } else if (n < 0) {
    note(Kind::kWaitGroupDone, this, {.value = value});
  }
  if (count_ == 0) {
    while (WaitNode* node = claim_first(waiters_)) {
      note(Kind::kWaitGroupWaited, this, {.actor = node->waiter->id()});
      claimed.add(node);
    }
  }
  lock.unlock();
  claimed.unpark_all();
}

void WaitGroup::done() { add(-1); }

void WaitGroup::wait() noexcept {
  ListLock lock(waiters_);
  if (count_ == 0) {
    note(Kind::kWaitGroupWaited, this);
    return;
  }
  WaitNode node;
  wait_in(waiters_, lock, node, Kind::kWaitGroupWait, this,
          {.value = static_cast<std::uint64_t>(count_)});
}

}  // namespace raddle
