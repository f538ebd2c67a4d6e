// SPDX-License-Identifier: Apache-2.0
// Timers that one thread looks after: a worker's own, or those of all threads that are no workers.
// Anybody may take one out; whoever finds one that is due may fire it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/sched/futex.h"
#include "runtime/sched/timer_heap.h"

namespace raddle::sched {

class TimerShelf;
class Waiter;

struct Timer {
  std::int64_t when_ns = 0;
  Waiter* waiter = nullptr;                   // is claimed as timed out and unparked; or
  void (*fire)(Timer& timer) = nullptr;       // is called, on a stack of the runtime's own
  std::atomic<TimerShelf*> shelf{nullptr};    // where it is, or was last
  std::uint32_t place = TimerHeap::kNowhere;  // in the shelf's heap, under its lock
  Timer* next = nullptr;                      // on the shelf, when its heap finds no memory
  bool is_ours = false;                       // the runtime's, for its own upkeep
};

// What has come due together. Its waiters are claimed.
struct DueTimers {
  static constexpr std::size_t kMost = 64;
  Waiter* waiters[kMost];
  Timer* timers[kMost];
  std::size_t waiter_count = 0;
  std::size_t timer_count = 0;
  bool may_be_more = false;
};

class TimerShelf {
 public:
  // True: it comes before all others here.
  bool add(Timer& timer) noexcept;
  // False: it was taken out before.
  bool take_out(Timer& timer) noexcept;
  // Takes out what is due. Claims waiters under the lock: after take_out() nobody touches a timer
  // or its waiter any more.
  void take_due(std::int64_t now_ns, DueTimers& due) noexcept;

  // kNever: there is none. Without the lock; what this thread has added counts.
  std::int64_t earliest_ns() const noexcept { return earliest_ns_.load(std::memory_order_acquire); }
  // The program's, not ours.
  std::size_t size() noexcept;
  // In the child of a fork: forgets all.
  void clear() noexcept;

 private:
  static constexpr std::uint32_t kBeside = TimerHeap::kNowhere - 1;  // the heap: in the list

  std::size_t pop_due(std::int64_t now_ns, Timer** timers) noexcept;
  void take_from_list(const Timer& timer) noexcept;
  std::int64_t find_earliest_ns() noexcept;

  std::atomic<std::uint32_t> lock_{0};  // guards what follows; earliest_ns_ is read without it
  TimerHeap heap_;
  Timer* beside_ = nullptr;  // a list, in no order, of those for whom it had no memory
  std::size_t beside_count_ = 0;
  std::size_t ours_ = 0;  // in the heap: the runtime's own
  std::atomic<std::int64_t> earliest_ns_{kNever};
};

}  // namespace raddle::sched
