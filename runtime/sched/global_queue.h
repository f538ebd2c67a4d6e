// SPDX-License-Identifier: Apache-2.0
// The queue of all workers. It holds pointers in blocks and touches no task: one that has waited
// for long is far from the cache, and whoever moves many must not wait for each.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/sched/run_queue.h"
#include "runtime/sched/task.h"

namespace raddle::sched {

class GlobalQueue {
 public:
  void push(Task* task) noexcept { push(std::span(&task, 1)); }
  void push(std::span<Task* const> tasks) noexcept;
  // Null: empty.
  Task* pop() noexcept;
  // By the worker of `mine`, which is empty: takes one for each of so many workers and at most half
  // of what fits there; returns the first.
  Task* pop_share(RunQueue& mine, std::size_t workers) noexcept;
  bool is_empty() const noexcept { return count_.load(std::memory_order_acquire) == 0; }
  // In the child of a fork: forgets all.
  void clear() noexcept;

 private:
  struct Block;
  Block* new_block() noexcept;  // null: no memory
  void add(Task* task) noexcept;
  Task* take() noexcept;

  std::atomic<std::uint32_t> lock_{0};  // guards all but the reads of count_
  Block* first_ = nullptr;
  Block* last_ = nullptr;
  Block* free_ = nullptr;
  Task* first_without_block_ = nullptr;  // a list of those for whom no memory was left
  Task** last_without_block_ = &first_without_block_;
  std::atomic<std::size_t> count_{0};
};

}  // namespace raddle::sched
