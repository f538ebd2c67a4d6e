// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/global_queue.h"

#include <sys/mman.h>

#include <new>

#include "runtime/sched/spin_lock.h"

namespace raddle::sched {

struct GlobalQueue::Block {
  static constexpr std::uint32_t kTasks = 126;
  Block* next = nullptr;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  Task* tasks[kTasks] = {};
};

// Not from the program's allocator, which would be an event amid the runtime's own work.
GlobalQueue::Block* GlobalQueue::new_block() noexcept {
  if (free_ == nullptr) {
    constexpr std::size_t kBlocks = 64;
    void* memory = ::mmap(nullptr, kBlocks * sizeof(Block), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    auto* blocks = static_cast<Block*>(memory);
    for (std::size_t i = 0; i < kBlocks; ++i) {
      new (&blocks[i]) Block;
      blocks[i].next = free_;
      free_ = &blocks[i];
    }
  }
  Block* block = free_;
  free_ = block->next;
  block->next = nullptr;
  block->begin = block->end = 0;
  return block;
}

void GlobalQueue::add(Task* task) noexcept {
  if (last_ == nullptr || last_->end == Block::kTasks) {
    Block* block = new_block();
    if (block == nullptr) {
      task->next_queued = nullptr;
      *last_without_block_ = task;
      last_without_block_ = &task->next_queued;
      return;
    }
    (last_ == nullptr ? first_ : last_->next) = block;
    last_ = block;
  }
  last_->tasks[last_->end++] = task;
}

// Not of an empty queue.
Task* GlobalQueue::take() noexcept {
  if (first_ == nullptr) {
    Task* task = first_without_block_;
    first_without_block_ = task->next_queued;
    if (first_without_block_ == nullptr) last_without_block_ = &first_without_block_;
    return task;
  }
  Task* task = first_->tasks[first_->begin++];
  if (first_->begin == first_->end) {
    Block* empty = first_;
    first_ = empty->next;
    if (first_ == nullptr) last_ = nullptr;
    empty->next = free_;
    free_ = empty;
  }
  return task;
}

void GlobalQueue::push(std::span<Task* const> tasks) noexcept {
  const SpinGuard guard(lock_);
  for (Task* task : tasks) add(task);
  count_.store(count_.load(std::memory_order_relaxed) + tasks.size(), std::memory_order_release);
}

Task* GlobalQueue::pop() noexcept {
  if (is_empty()) return nullptr;
  const SpinGuard guard(lock_);
  const std::size_t count = count_.load(std::memory_order_relaxed);
  if (count == 0) return nullptr;
  count_.store(count - 1, std::memory_order_release);
  return take();
}

Task* GlobalQueue::pop_share(RunQueue& mine, std::size_t workers) noexcept {
  if (is_empty()) return nullptr;
  const SpinGuard guard(lock_);
  const std::size_t count = count_.load(std::memory_order_relaxed);
  if (count == 0) return nullptr;
  std::size_t share = count / workers + 1;
  if (share > RunQueue::kSize / 2) share = RunQueue::kSize / 2;
  if (share > count) share = count;
  count_.store(count - share, std::memory_order_release);
  Task* first = take();
  for (std::size_t i = 1; i < share; ++i) mine.push(take());
  return first;
}

void GlobalQueue::clear() noexcept {
  lock_.store(0, std::memory_order_relaxed);
  first_ = last_ = free_ = nullptr;
  first_without_block_ = nullptr;
  last_without_block_ = &first_without_block_;
  count_.store(0, std::memory_order_relaxed);
}

}  // namespace raddle::sched
