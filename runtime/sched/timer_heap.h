// SPDX-License-Identifier: Apache-2.0
// A heap of moments, earliest first, four children a node. An entry carries its moment and the
// number of a place that says whose it is: sorting touches no timer, which may lie on the stack of
// a task that has not run for long. A timer taken out leaves its entry behind until that is on top.
#pragma once

#include <cstddef>
#include <cstdint>

namespace raddle::sched {

struct Timer;

// Not safe for threads: its owner has a lock. Its memory is not the program's allocator's, which
// would be an event between a task's wait and its sleep.
class TimerHeap {
 public:
  static constexpr std::uint32_t kNowhere = UINT32_MAX;

  // Returns the place that stands for the timer; kNowhere: there is no memory.
  std::uint32_t add(std::int64_t when_ns, Timer* timer) noexcept;
  void take_out(std::uint32_t place) noexcept;

  std::size_t size() const noexcept { return size_ - dead_; }
  // kNever: it is empty.
  std::int64_t earliest_ns() noexcept;
  // Takes out the earliest; not of an empty heap.
  Timer* pop() noexcept;
  // In the child of a fork: forgets all.
  void clear() noexcept;

 private:
  struct Entry {
    std::int64_t when_ns;
    std::uint32_t place;
  };

  bool grow() noexcept;
  void sift_up(std::size_t at, Entry entry) noexcept;
  void sift_down(std::size_t at, Entry entry) noexcept;
  void drop_top() noexcept;
  void drop_dead() noexcept;

  Entry* entries_ = nullptr;  // capacity_ of each, in one mapping that begins here
  Timer** timers_ = nullptr;  // by place; null: taken out
  std::uint32_t* free_places_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::size_t dead_ = 0;  // entries whose timer was taken out
  std::uint32_t free_count_ = 0;
  std::uint32_t places_ = 0;  // handed out at least once
};

}  // namespace raddle::sched
