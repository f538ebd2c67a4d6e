// SPDX-License-Identifier: Apache-2.0
#include "raddle/context.h"

#include <algorithm>
#include <vector>

#include "runtime/sched/futex.h"
#include "runtime/sched/spin_lock.h"
#include "runtime/sched/timers.h"
#include "runtime/sync/context_node.h"
#include "runtime/sync/note.h"
#include "runtime/sync/timer_task.h"

namespace raddle::detail {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

ContextValue::~ContextValue() = default;

namespace {

bool try_share(ContextNode* node) {
  std::uint32_t shares = node->shares.load(std::memory_order_relaxed);
  while (shares != 0) {
    if (node->shares.compare_exchange_weak(shares, shares + 1, std::memory_order_relaxed))
      return true;
  }
  return false;
}

// The children that are still used, each with a share for the caller. Without new memory: an end
// must not fail.
std::vector<ContextNode*> take_children(ContextNode* node) noexcept {
  std::vector<ContextNode*> taken = std::move(node->children);
  node->children.clear();
  std::erase_if(taken, [](ContextNode* child) { return !try_share(child); });
  return taken;
}

void end(ContextNode* node, ContextError error, const std::exception_ptr& cause) noexcept {
  sched::lock_spin(node->lock);
  if (node->error.load(std::memory_order_relaxed) >= 0) return sched::unlock_spin(node->lock);
  note(Kind::kContextCancel, node);
  node->cause = cause;
  node->error.store(static_cast<int>(error), std::memory_order_release);
  const std::vector<ContextNode*> children = take_children(node);
  const std::vector<std::shared_ptr<AfterCall>> after = std::move(node->after);
  sched::unlock_spin(node->lock);
  node->done.close();
  if (node->timer.fire != nullptr && sched::cancel(node->timer)) drop(node);
  for (ContextNode* child : children) {
    end(child, error, cause);
    drop(child);
  }
  for (const auto& call : after) start_in_time(call);
}

void on_deadline(sched::Timer& timer) {
  auto* node = reinterpret_cast<ContextNode*>(&timer);
  {
    const TimerTask task(node);
    end(node, ContextError::kDeadlineExceeded, node->deadline_cause);
  }
  drop(node);
}

// Joins the tree; a parent that has ended ends the child at once.
void adopt(ContextNode* node) {
  node->canceler = ending(node->parent);
  if (node->canceler == nullptr) return;
  int error = 0;
  {
    const sched::SpinGuard guard(node->canceler->lock);  // push_back() may find no memory
    error = node->canceler->error.load(std::memory_order_relaxed);
    if (error < 0) node->canceler->children.push_back(node);
  }
  if (error >= 0) end(node, static_cast<ContextError>(error), node->canceler->cause);
}

void leave(ContextNode* node) {
  if (node->canceler == nullptr) return;
  const sched::SpinGuard guard(node->canceler->lock);
  std::erase(node->canceler->children, node);
}

// A node that is being made, dropped unless it is kept.
struct Drop {
  void operator()(ContextNode* node) const noexcept { drop(node); }
};
using NewNode = std::unique_ptr<ContextNode, Drop>;

NewNode make_node(ContextNode* parent) {
  NewNode node(new ContextNode);
  node->parent = parent;
  if (parent != nullptr) {
    share(parent);
    node->deadline_ns = parent->deadline_ns;
  }
  return node;
}

}  // namespace

void share(ContextNode* node) noexcept { node->shares.fetch_add(1, std::memory_order_relaxed); }

void drop(ContextNode* node) noexcept {
  while (node != nullptr) {
    // A value is destroyed by the program's own code, after all that others did with it.
    const bool has_value = node->value != nullptr;
    if (has_value) note(Kind::kReleaseAddress, node);
    // acq_rel: the last one sees the others' uses.
    if (node->shares.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (has_value) note(Kind::kAcquireAddress, node);
    leave(node);
    note(Kind::kContextDestroy, node);
    ContextNode* parent = node->parent;
    delete node;
    node = parent;
  }
}

ContextNode* derive(ContextNode* parent) { return derive_until(parent, sched::kNever); }

ContextNode* derive_until(ContextNode* parent, std::int64_t deadline_ns, std::exception_ptr cause) {
  NewNode node = make_node(parent);
  node->done = make_chan<void>();
  node->deadline_cause = std::move(cause);
  // A parent that ends before does what a timer would do.
  const bool has_timer = deadline_ns < node->deadline_ns;
  node->deadline_ns = std::min(node->deadline_ns, deadline_ns);
  note(Kind::kContextMake, node.get(),
       {.index = node->deadline_ns != sched::kNever ? 1u : 0u, .value = record::id_of(parent)});
  adopt(node.get());
  if (!has_timer) return node.release();
  if (deadline_ns <= sched::task_time_ns()) {
    end(node.get(), ContextError::kDeadlineExceeded, node->deadline_cause);
  } else if (node->error.load(std::memory_order_relaxed) < 0) {
    share(node.get());
    node->timer.when_ns = deadline_ns;
    node->timer.fire = on_deadline;
    note_arm(node.get());
    sched::arm(node->timer);
    // Ended meanwhile by its parent, which saw no timer yet.
    if (node->error.load(std::memory_order_acquire) >= 0 && sched::cancel(node->timer))
      drop(node.get());
  }
  return node.release();
}

ContextNode* derive_value(ContextNode* parent, std::unique_ptr<ContextValue> value) {
  NewNode node = make_node(parent);
  node->value = std::move(value);
  return node.release();
}

ContextNode* derive_without_cancel(ContextNode* parent) {
  NewNode node = make_node(parent);
  node->ends_with_parent = false;
  node->deadline_ns = sched::kNever;
  return node.release();
}

void cancel(ContextNode* node, std::exception_ptr cause) noexcept {
  end(node, ContextError::kCanceled, cause);
}

void forget_cancel(ContextNode* node) noexcept { note(Kind::kContextForget, node); }

Channel* done_channel(ContextNode* node) noexcept {
  ContextNode* ends = ending(node);
  if (ends == nullptr) return nullptr;
  Channel* channel = Access::body(ends->done);
  share(channel);
  return channel;
}

int error_of(ContextNode* node) noexcept {
  ContextNode* ends = ending(node);
  if (ends == nullptr) return -1;
  const int error = ends->error.load(std::memory_order_acquire);
  if (error >= 0) note(Kind::kContextSeen, ends);
  return error;
}

std::exception_ptr cause_of(ContextNode* node) {
  const int error = error_of(node);
  if (error < 0) return nullptr;
  if (const auto& cause = ending(node)->cause) return cause;
  return std::make_exception_ptr(ContextEnded(static_cast<ContextError>(error)));
}

std::int64_t deadline_of(const ContextNode* node) noexcept {
  return node == nullptr ? sched::kNever : node->deadline_ns;
}

const void* find_value(const ContextNode* node, const std::type_info& key_type, const void* key,
                       const std::type_info& value_type) noexcept {
  for (; node != nullptr; node = node->parent) {
    if (node->value == nullptr) continue;
    if (const void* found = node->value->find(key_type, key, value_type)) return found;
  }
  return nullptr;
}

}  // namespace raddle::detail

namespace raddle {

ContextEnded::ContextEnded(ContextError error)
    : std::runtime_error(error == ContextError::kCanceled ? "context canceled"
                                                          : "context deadline exceeded"),
      error_(error) {}
ContextEnded::~ContextEnded() = default;

}  // namespace raddle
