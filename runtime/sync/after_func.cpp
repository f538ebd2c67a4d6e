// SPDX-License-Identifier: Apache-2.0
#include "raddle/after_func.h"

#include <algorithm>
#include <new>
#include <utility>

#include "raddle/go.h"
#include "runtime/sched/spin_lock.h"
#include "runtime/sync/context_node.h"
#include "runtime/sync/note.h"

namespace raddle::detail {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

void start(const std::shared_ptr<AfterCall>& call) {
  go(name("after_func"), [call] {
    note(Kind::kAcquireAddress, call.get());
    call->run();
    note(Kind::kReleaseAddress, call.get());  // for whoever drops it last
  });
}

namespace {

void retry(sched::Timer& timer) {
  start_in_time(std::exchange(reinterpret_cast<AfterCall*>(&timer)->self, nullptr));
}

}  // namespace

void start_in_time(const std::shared_ptr<AfterCall>& call) noexcept {
  constexpr std::int64_t kPauseNs = 5'000'000;
  try {
    start(call);
  } catch (const std::bad_alloc&) {
    call->self = call;
    call->timer.when_ns = sched::task_time_ns() + kPauseNs;
    call->timer.fire = retry;
    sched::arm(call->timer);
  }
}

AfterCall::~AfterCall() { note(Kind::kAcquireAddress, this); }

std::shared_ptr<AfterCall> call_after(ContextNode* context, std::function<void()> f) {
  auto call = std::make_shared<AfterCall>(std::move(f));
  ContextNode* node = ending(context);
  if (node == nullptr) return call;
  note(Kind::kReleaseAddress, call.get());
  {
    const sched::SpinGuard guard(node->lock);  // push_back() may find no memory
    if (node->error.load(std::memory_order_relaxed) < 0) {
      node->after.push_back(call);
      return call;
    }
  }
  note(Kind::kContextSeen, node);
  start(call);
  return call;
}

bool stop_call(ContextNode* context, AfterCall& call) noexcept {
  ContextNode* node = ending(context);
  if (node == nullptr) return !call.is_stopped.exchange(true, std::memory_order_relaxed);
  const sched::SpinGuard guard(node->lock);
  return std::erase_if(node->after, [&](const auto& other) { return other.get() == &call; }) != 0;
}

ContextNode* derive_from_token(ContextNode* parent, std::stop_token token) {
  Context owner = ContextAccess::wrap(derive(parent));
  ContextNode* node = ContextAccess::node(owner);
  node->stop_link = std::make_unique<StopLink>(token, node);
  share(node);
  return node;
}

}  // namespace raddle::detail
