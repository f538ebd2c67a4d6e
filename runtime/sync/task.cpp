// SPDX-License-Identifier: Apache-2.0
#include "raddle/task.h"

#include "runtime/sync/wait_queue.h"

namespace raddle::detail {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

JoinState::~JoinState() = default;

void JoinState::drop() noexcept {
  note(Kind::kReleaseAddress, this);
  // acq_rel: the last one sees what the other did.
  if (shares_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  note(Kind::kAcquireAddress, this);
  delete this;
}

void JoinState::join() noexcept {
  ListLock lock(waiters_);
  if (!has_ended_) {
    if (record::is_on()) [[unlikely]]
      record::event({.kind = Kind::kJoinWait, .object = task});
    WaitNode node;
    sched::Waiter waiter;
    waiter.know_id();
    node.waiter = &waiter;
    push_back(waiters_, node);
    lock.unlock();
    waiter.park(Kind::kJoinWait, this);
  }
  is_joined_ = true;
  if (record::is_on()) [[unlikely]]
    record::event({.kind = Kind::kTaskJoin, .object = task});
}

void JoinState::drop_handle() noexcept {
  if (!is_joined_ && record::is_on()) [[unlikely]]
    record::event({.kind = Kind::kTaskDetach, .object = task});
  // Its join has ordered all that the task did. acquire: what was not recorded of that.
  if (is_joined_ && shares_.load(std::memory_order_acquire) == 1) {
    delete this;
  } else {
    drop();
  }
}

void JoinState::finish(void* state) noexcept {
  auto* self = static_cast<JoinState*>(state);
  Claimed claimed;
  {
    const ListLock lock(self->waiters_);
    self->has_ended_ = true;
    while (WaitNode* node = claim_first(self->waiters_)) claimed.add(node);
  }
  claimed.unpark_all();
  self->drop();
}

}  // namespace raddle::detail
