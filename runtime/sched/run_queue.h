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

// Tasks in their order, linked by Task::next.
class TaskList {
 public:
  void push_back(Task* task) noexcept {
    task->next = nullptr;
    (first_ == nullptr ? first_ : last_->next) = task;
    last_ = task;
    ++count_;
  }
  // Null: empty.
  Task* pop_front() noexcept {
    Task* task = first_;
    if (task == nullptr) return nullptr;
    first_ = task->next;
    --count_;
    return task;
  }
  void append(const TaskList& other) noexcept {
    if (other.first_ == nullptr) return;
    (first_ == nullptr ? first_ : last_->next) = other.first_;
    last_ = other.last_;
    count_ += other.count_;
  }
  std::size_t count() const noexcept { return count_; }

 private:
  Task* first_ = nullptr;
  Task* last_ = nullptr;
  std::size_t count_ = 0;
};

class GlobalQueue {
 public:
  void push(Task* task) noexcept {
    TaskList one;
    one.push_back(task);
    push(one);
  }
  void push(const TaskList& tasks) noexcept {
    const SpinGuard guard(lock_);
    tasks_.append(tasks);
    count_.store(tasks_.count(), std::memory_order_release);
  }
  // Null: empty.
  Task* pop() noexcept {
    if (is_empty()) return nullptr;
    const SpinGuard guard(lock_);
    return pop_locked();
  }
  // By the worker of `mine`, which is empty: takes one for each of so many workers and at most half
  // of what fits there; returns the first.
  Task* pop_share(RunQueue& mine, std::size_t workers) noexcept {
    if (is_empty()) return nullptr;
    const SpinGuard guard(lock_);
    std::size_t share = tasks_.count() / workers + 1;
    if (share > RunQueue::kSize / 2) share = RunQueue::kSize / 2;
    Task* first = pop_locked();
    for (std::size_t i = 1; i < share; ++i) {
      Task* task = pop_locked();
      if (task == nullptr) break;
      mine.push(task);
    }
    return first;
  }
  bool is_empty() const noexcept { return count_.load(std::memory_order_acquire) == 0; }

 private:
  Task* pop_locked() noexcept {
    Task* task = tasks_.pop_front();
    if (task != nullptr) count_.store(tasks_.count(), std::memory_order_release);
    return task;
  }

  std::atomic<std::uint32_t> lock_{0};  // guards the list
  TaskList tasks_;
  std::atomic<std::size_t> count_{0};  // of it: written under the lock, read without
};

}  // namespace raddle::sched
