// SPDX-License-Identifier: Apache-2.0
#include "raddle/cond.h"

#include <new>

#include "runtime/sync/wait_queue.h"

namespace raddle {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

namespace detail {
namespace {

struct CondBody {
  sched::Waiter waiter;
  WaitNode node;
};

}  // namespace

CondWait::CondWait(WaitList& waiters, const void* cond) noexcept : waiters_(waiters), cond_(cond) {
  static_assert(sizeof(CondBody) <= kBytes && alignof(CondBody) <= 16);
  auto* body = new (body_) CondBody;
  body->waiter.know_id();
  body->node.waiter = &body->waiter;
  const ListLock lock(waiters_);
  push_back(waiters_, body->node);
}

CondWait::~CondWait() {
  if (has_waited_) return;
  auto* body = std::launder(reinterpret_cast<CondBody*>(body_));
  WaitNode* next = nullptr;
  {
    const ListLock lock(waiters_);
    if (body->node.is_queued) {
      take_out(waiters_, body->node);
      return;
    }
    next = claim_first(waiters_);  // a notify that was for somebody who waits
    if (next != nullptr) note(Kind::kCondWake, cond_, {.peer = next->waiter->id()});
  }
  body->waiter.park(Kind::kCondWait, cond_);
  if (next != nullptr) next->waiter->unpark();
}

// The mutex has been unlocked since. Who has been notified already does not wait.
void CondWait::wait(const void* mutex) noexcept {
  has_waited_ = true;
  auto* body = std::launder(reinterpret_cast<CondBody*>(body_));
  if (record::is_on()) [[unlikely]] {
    const ListLock lock(waiters_);
    if (body->node.is_queued) note(Kind::kCondWait, cond_, {.value = record::id_of(mutex)});
  }
  body->waiter.park(Kind::kCondWait, cond_);
}

}  // namespace detail

namespace {

void notify(Cond* cond, WaitList& waiters, bool all) noexcept {
  Claimed claimed;
  ListLock lock(waiters);
  note(Kind::kCondNotify, cond, {.index = all ? 1u : 0u});
  while (WaitNode* node = claim_first(waiters)) {
    note(Kind::kCondWake, cond, {.peer = node->waiter->id()});
    claimed.add(node);
    if (!all) break;
  }
  lock.unlock();
  claimed.unpark_all();
}

}  // namespace

void Cond::note_init() noexcept { note(Kind::kCondInit, this); }
Cond::~Cond() { note(Kind::kCondDestroy, this); }
void Cond::notify_one() noexcept { notify(this, waiters_, false); }
void Cond::notify_all() noexcept { notify(this, waiters_, true); }

}  // namespace raddle
