// SPDX-License-Identifier: Apache-2.0
// Contexts form a tree: a child shares its parent, a parent knows its children only to cancel them.
// A node's `lock` guards its error and its children; of two locks the parent's is never taken while
// the child's is held.
#include "raddle/context.h"

#include <algorithm>
#include <vector>

#include "runtime/sched/futex.h"
#include "runtime/sched/spin_lock.h"
#include "runtime/sched/timers.h"
#include "runtime/sync/note.h"
#include "runtime/sync/timer_task.h"

namespace raddle::detail {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

struct ContextNode {
  sched::Timer timer;  // first: on_deadline() gets its address. Armed, it has a share of the node
  std::atomic<std::uint32_t> lock{0};
  std::atomic<std::uint32_t> shares{1};
  std::atomic<int> error{-1};
  std::int64_t deadline_ns = sched::kNever;
  ContextNode* parent = nullptr;  // a share of it
  ContextNode* canceler =
      nullptr;  // the nearest ancestor that can end, and has this node among its children
  std::vector<ContextNode*> children;  // not shared: a dying child takes itself out
  Chan<void> done;                     // nil: the node only holds a value and ends with its parent
  std::unique_ptr<ContextValue> value;
};

ContextValue::~ContextValue() = default;

namespace {

// The node whose end is this one's end; null: none.
ContextNode* ending(ContextNode* node) {
  while (node != nullptr && node->done.is_nil()) node = node->parent;
  return node;
}

bool try_share(ContextNode* node) {
  std::uint32_t shares = node->shares.load(std::memory_order_relaxed);
  while (shares != 0) {
    if (node->shares.compare_exchange_weak(shares, shares + 1, std::memory_order_relaxed))
      return true;
  }
  return false;
}

// The children that are still used, each with a share for the caller.
std::vector<ContextNode*> take_children(ContextNode* node) {
  std::vector<ContextNode*> taken;
  for (ContextNode* child : node->children) {
    if (try_share(child)) taken.push_back(child);
  }
  return taken;
}

void end(ContextNode* node, ContextError error) {
  sched::lock_spin(node->lock);
  if (node->error.load(std::memory_order_relaxed) >= 0) return sched::unlock_spin(node->lock);
  note(Kind::kContextCancel, node);
  node->error.store(static_cast<int>(error), std::memory_order_release);
  const std::vector<ContextNode*> children = take_children(node);
  sched::unlock_spin(node->lock);
  node->done.close();
  if (node->timer.fire != nullptr && sched::cancel(node->timer)) drop(node);
  for (ContextNode* child : children) {
    end(child, error);
    drop(child);
  }
}

void on_deadline(sched::Timer& timer) {
  auto* node = reinterpret_cast<ContextNode*>(&timer);
  {
    const TimerTask task(node);
    end(node, ContextError::kDeadlineExceeded);
  }
  drop(node);
}

// Joins the tree; a parent that has ended ends the child at once.
void adopt(ContextNode* node) {
  node->canceler = ending(node->parent);
  if (node->canceler == nullptr) return;
  sched::lock_spin(node->canceler->lock);
  const int error = node->canceler->error.load(std::memory_order_relaxed);
  if (error < 0) node->canceler->children.push_back(node);
  sched::unlock_spin(node->canceler->lock);
  if (error >= 0) end(node, static_cast<ContextError>(error));
}

void leave(ContextNode* node) {
  if (node->canceler == nullptr) return;
  const sched::SpinGuard guard(node->canceler->lock);
  std::erase(node->canceler->children, node);
}

ContextNode* make_node(ContextNode* parent) {
  auto* node = new ContextNode;
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

ContextNode* derive(ContextNode* parent) noexcept { return derive_until(parent, sched::kNever); }

ContextNode* derive_until(ContextNode* parent, std::int64_t deadline_ns) noexcept {
  ContextNode* node = make_node(parent);
  node->done = make_chan<void>();
  // A parent that ends before does what a timer would do.
  const bool has_timer = deadline_ns < node->deadline_ns;
  node->deadline_ns = std::min(node->deadline_ns, deadline_ns);
  note(Kind::kContextMake, node,
       {.index = node->deadline_ns != sched::kNever ? 1u : 0u, .value = record::id_of(parent)});
  adopt(node);
  if (!has_timer) return node;
  if (deadline_ns <= sched::now_ns()) {
    end(node, ContextError::kDeadlineExceeded);
  } else if (node->error.load(std::memory_order_relaxed) < 0) {
    share(node);
    node->timer.when_ns = deadline_ns;
    node->timer.fire = on_deadline;
    note_arm(node);
    sched::arm(node->timer);
    // Ended meanwhile by its parent, which saw no timer yet.
    if (node->error.load(std::memory_order_acquire) >= 0 && sched::cancel(node->timer)) drop(node);
  }
  return node;
}

ContextNode* derive_value(ContextNode* parent, std::unique_ptr<ContextValue> value) noexcept {
  ContextNode* node = make_node(parent);
  node->value = std::move(value);
  return node;
}

void cancel(ContextNode* node) noexcept { end(node, ContextError::kCanceled); }

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
