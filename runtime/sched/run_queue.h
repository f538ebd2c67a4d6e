// SPDX-License-Identifier: Apache-2.0
// A worker's own queue: a ring that its worker fills at one end and everybody empties at the other,
// without locks (Go, runtime/proc.go: runqput, runqget, runqgrab).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

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
      // The one behind it may be far from the cache; an entry not in use does no harm.
      __builtin_prefetch(ring_[(head + 1) % kSize].load(std::memory_order_relaxed), 1);
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

}  // namespace raddle::sched
