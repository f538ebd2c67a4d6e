// SPDX-License-Identifier: Apache-2.0
// A worker's own queue: a ring that its worker fills at one end and everybody empties at the other,
// without locks (Go, runtime/proc.go: runqput, runqget, runqgrab), and the global list.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/sched/spin_lock.h"
#include "runtime/sched/task.h"

namespace raddle::sched {

class RunQueue {
 public:
  static constexpr std::uint32_t kSize = 256;

  // Its worker only. False: full.
  bool push(Task* task) noexcept {
    const std::uint32_t head = head_.load(std::memory_order_acquire);  // the takers' reads are done
    const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head >= kSize) return false;
    ring_[tail % kSize].store(task, std::memory_order_relaxed);
    tail_.store(tail + 1, std::memory_order_release);  // shows the entry
    return true;
  }

  // Anybody. Null: empty.
  Task* pop() noexcept {
    std::uint32_t head = head_.load(std::memory_order_acquire);
    for (;;) {
      if (head == tail_.load(std::memory_order_acquire)) return nullptr;
      Task* task = ring_[head % kSize].load(std::memory_order_relaxed);
      if (head_.compare_exchange_weak(head, head + 1, std::memory_order_acq_rel,
                                      std::memory_order_acquire)) {
        return task;
      }
    }
  }

  // By the worker of `mine`, which must be empty: takes half of this queue, returns one of them.
  Task* steal_half(RunQueue& mine) noexcept {
    for (;;) {
      std::uint32_t head = head_.load(std::memory_order_acquire);
      const std::uint32_t tail = tail_.load(std::memory_order_acquire);
      std::uint32_t count = tail - head;
      count -= count / 2;
      if (count == 0) return nullptr;
      if (count > kSize / 2) continue;  // head and tail were not read together
      const std::uint32_t at = mine.tail_.load(std::memory_order_relaxed);
      for (std::uint32_t i = 0; i < count; ++i) {
        mine.ring_[(at + i) % kSize].store(
            ring_[(head + i) % kSize].load(std::memory_order_relaxed), std::memory_order_relaxed);
      }
      if (!head_.compare_exchange_strong(head, head + count, std::memory_order_acq_rel,
                                         std::memory_order_relaxed)) {
        continue;
      }
      Task* last = mine.ring_[(at + count - 1) % kSize].load(std::memory_order_relaxed);
      mine.tail_.store(at + count - 1, std::memory_order_release);
      return last;
    }
  }

  bool is_empty() const noexcept {
    return head_.load(std::memory_order_acquire) == tail_.load(std::memory_order_acquire);
  }

 private:
  alignas(64) std::atomic<std::uint32_t> head_{0};
  alignas(64) std::atomic<std::uint32_t> tail_{0};
  std::atomic<Task*> ring_[kSize] = {};
};

class GlobalQueue {
 public:
  void push(Task* task) noexcept {
    const SpinGuard guard(lock_);
    task->next = nullptr;
    (first_ == nullptr ? first_ : last_->next) = task;
    last_ = task;
    count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  Task* pop() noexcept {
    if (is_empty()) return nullptr;
    const SpinGuard guard(lock_);
    Task* task = first_;
    if (task == nullptr) return nullptr;
    first_ = task->next;
    count_.store(count_.load(std::memory_order_relaxed) - 1, std::memory_order_release);
    return task;
  }
  bool is_empty() const noexcept { return count_.load(std::memory_order_acquire) == 0; }
  std::size_t count() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint32_t> lock_{0};  // guards the list
  Task* first_ = nullptr;
  Task* last_ = nullptr;
  std::atomic<std::size_t> count_{0};  // written under the lock, read without
};

}  // namespace raddle::sched
