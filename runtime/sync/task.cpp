// SPDX-License-Identifier: Apache-2.0
#include "raddle/task.h"

#include "runtime/sync/wait_queue.h"

namespace raddle::detail {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

// The lock of the list guards the flags.
struct JoinState::Body {
  WaitList waiters;
  std::atomic<std::uint32_t> shares{2};  // the handle's and the task's
  bool has_ended = false;
  bool is_joined = false;
};

JoinState::JoinState() noexcept : body_(new Body) {}
JoinState::~JoinState() { delete body_; }

void JoinState::drop() noexcept {
  note(Kind::kReleaseAddress, this);
  // acq_rel: the last one sees what the other did.
  if (body_->shares.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  note(Kind::kAcquireAddress, this);
  delete this;
}

void JoinState::join() noexcept {
  ListLock lock(body_->waiters);
  if (!body_->has_ended) {
    if (record::is_on()) [[unlikely]]
      record::event({.kind = Kind::kJoinWait, .object = task});
    WaitNode node;
    sched::Waiter waiter;
    waiter.know_id();
    node.waiter = &waiter;
    push_back(body_->waiters, node);
    lock.unlock();
    waiter.park();
  }
  body_->is_joined = true;
  if (record::is_on()) [[unlikely]]
    record::event({.kind = Kind::kTaskJoin, .object = task});
}

void JoinState::drop_handle() noexcept {
  if (!body_->is_joined && record::is_on()) [[unlikely]]
    record::event({.kind = Kind::kTaskDetach, .object = task});
  drop();
}

void JoinState::finish(void* state) noexcept {
  auto* self = static_cast<JoinState*>(state);
  Claimed claimed;
  {
    const ListLock lock(self->body_->waiters);
    self->body_->has_ended = true;
    while (WaitNode* node = claim_first(self->body_->waiters)) claimed.add(node);
  }
  claimed.unpark_all();
  self->drop();
}

}  // namespace raddle::detail
