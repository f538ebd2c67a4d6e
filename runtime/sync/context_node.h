// SPDX-License-Identifier: Apache-2.0
// Contexts from inside. They form a tree: a child shares its parent, a parent knows its children
// only to cancel them. A node's `lock` guards its error, its children and what is to run after its
// end; of two locks the parent's is never taken while the child's is held.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

#include "raddle/after_func.h"
#include "raddle/context.h"
#include "runtime/sched/futex.h"
#include "runtime/sched/timers.h"

namespace raddle::detail {

struct AfterCall {
  explicit AfterCall(std::function<void()> f) : run(std::move(f)) {}
  AfterCall(const AfterCall&) = delete;
  AfterCall& operator=(const AfterCall&) = delete;
  ~AfterCall();
  sched::Timer timer;  // first: retry() gets its address. Armed when no task could be made
  std::function<void()> run;
  std::atomic<bool> is_stopped{false};  // of a context that never ends
  std::shared_ptr<AfterCall> self;      // while the timer is armed
};
// After the end of its context.
void start(const std::shared_ptr<AfterCall>& call);
// The same; where no memory is left for a task, as soon as there is some.
void start_in_time(const std::shared_ptr<AfterCall>& call) noexcept;

struct StopLink {
  struct Cancel {
    ContextNode* node;
    void operator()() const noexcept { cancel(node); }
  };
  StopLink(const std::stop_token& token, ContextNode* node) : callback(token, Cancel{node}) {}
  std::stop_callback<Cancel> callback;
};

struct ContextNode {
  sched::Timer timer;  // first: on_deadline() gets its address. Armed, it has a share of the node
  std::atomic<std::uint32_t> lock{0};
  std::atomic<std::uint32_t> shares{1};
  std::atomic<int> error{-1};
  std::int64_t deadline_ns = sched::kNever;
  std::exception_ptr deadline_cause;
  std::exception_ptr cause;  // null: none was given. Written before `error`, never again
  bool ends_with_parent = true;
  ContextNode* parent = nullptr;  // a share of it
  ContextNode* canceler =
      nullptr;  // the nearest ancestor that can end, and has this node among its children
  std::vector<ContextNode*> children;  // not shared: a dying child takes itself out
  std::vector<std::shared_ptr<AfterCall>> after;
  Chan<void> done;  // nil: the node only holds a value and ends with its parent
  std::unique_ptr<ContextValue> value;
  std::unique_ptr<StopLink> stop_link;
};

// The node whose end is this one's end; null: none.
inline ContextNode* ending(ContextNode* node) noexcept {
  while (node != nullptr && node->done.is_nil()) {
    node = node->ends_with_parent ? node->parent : nullptr;
  }
  return node;
}

}  // namespace raddle::detail
