// SPDX-License-Identifier: Apache-2.0
// The queue of those who wait at a primitive: raddle/detail/wait_list.h seen from inside. All calls
// need the list's lock.
#pragma once

#include "raddle/detail/wait_list.h"
#include "runtime/sched/park.h"
#include "runtime/sched/policy.h"
#include "runtime/sched/spin_lock.h"
#include "runtime/sync/note.h"

namespace raddle::detail {

// One place in one queue; lies in the frame of the function that waits.
struct WaitNode {
  WaitNode* next = nullptr;
  WaitNode* previous = nullptr;
  sched::Waiter* waiter = nullptr;
  void* element = nullptr;  // channels: what is sent, or where to put what is received
  std::uint32_t how = 0;    // what the waiter is claimed with: the case of a select
  bool is_queued = false;
  bool is_served = false;     // channels: a value passed, as opposed to a close
  bool is_reader = false;     // RwMutex
  std::int64_t since_ns = 0;  // Mutex: when its first wait began
};

static_assert(offsetof(WaitNode, waiter) == sched::kWaiterInNode);

}  // namespace raddle::detail

namespace raddle::sync {

using detail::WaitList;
using detail::WaitNode;

inline void push_back(WaitList& list, WaitNode& node) noexcept {
  node.next = nullptr;
  node.previous = list.last;
  node.is_queued = true;
  if (list.last == nullptr) {
    list.first.store(&node, std::memory_order_relaxed);
  } else {
    list.last->next = &node;
  }
  list.last = &node;
}

inline void push_front(WaitList& list, WaitNode& node) noexcept {
  WaitNode* first = list.first.load(std::memory_order_relaxed);
  node.next = first;
  node.previous = nullptr;
  node.is_queued = true;
  (first == nullptr ? list.last : first->previous) = &node;
  list.first.store(&node, std::memory_order_relaxed);
}

inline void take_out(WaitList& list, WaitNode& node) noexcept {
  if (!node.is_queued) return;
  node.is_queued = false;
  if (node.previous == nullptr) {
    list.first.store(node.next, std::memory_order_relaxed);
  } else {
    node.previous->next = node.next;
  }
  (node.next == nullptr ? list.last : node.next->previous) = node.previous;
}

inline bool has_waiters(const WaitList& list) noexcept {
  return list.first.load(std::memory_order_relaxed) != nullptr;
}

// Takes out and claims the first who still waits; null: nobody does. The caller serves and then
// unparks it.
inline WaitNode* claim_first(WaitList& list) noexcept {
  while (WaitNode* node = list.first.load(std::memory_order_relaxed)) {
    take_out(list, *node);
    if (node->waiter->claim(node->how)) return node;
  }
  return nullptr;
}

// Those that have been claimed and wait to be unparked once the lock is free.
class Claimed {
 public:
  void add(WaitNode* node) noexcept {
    node->next = nullptr;
    (first_ == nullptr ? first_ : last_->next) = node;
    last_ = node;
  }
  bool is_empty() const noexcept { return first_ == nullptr; }
  void unpark_all() noexcept {
    const bool is_only_one = first_ == last_;
    while (first_ != nullptr) {
      WaitNode* node = first_;
      first_ = node->next;  // before: the node is gone when its waiter goes on
      node->waiter->unpark(is_only_one);
    }
  }

 private:
  WaitNode* first_ = nullptr;
  WaitNode* last_ = nullptr;
};

// Locks a list while it exists: how nearly every operation on a primitive begins.
class ListLock {
 public:
  explicit ListLock(WaitList& list) noexcept : ListLock(list, &list) {}
  // `object`: what the primitive's other operations name.
  ListLock(WaitList& list, const void* object) noexcept : list_(list) {
    sched::before_operation(object);
    sched::lock_spin(list_.lock);
  }
  ~ListLock() {
    if (is_held_) sched::unlock_spin(list_.lock);
  }
  ListLock(const ListLock&) = delete;
  ListLock& operator=(const ListLock&) = delete;
  void unlock() noexcept {
    is_held_ = false;
    sched::unlock_spin(list_.lock);
  }

 private:
  WaitList& list_;
  bool is_held_ = true;
};

// Records the wait, queues the current task or thread and waits until somebody has claimed it.
// `lock` is given up.
inline void wait_in(WaitList& list, ListLock& lock, WaitNode& node, trace::Kind kind,
                    const void* object, const Fields& fields = {}, bool is_first = false) noexcept {
  sched::Waiter waiter;
  note(kind, object, fields);
  waiter.know_id();
  node.waiter = &waiter;
  if (is_first) {
    push_front(list, node);
  } else {
    push_back(list, node);
  }
  lock.unlock();
  waiter.park(kind, object);
}

}  // namespace raddle::sync
