// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/timer_shelf.h"

#include <algorithm>

#include "runtime/sched/park.h"
#include "runtime/sched/spin_lock.h"

namespace raddle::sched {

bool TimerShelf::add(Timer& timer) noexcept {
  const SpinGuard guard(lock_);
  timer.shelf.store(this, std::memory_order_relaxed);
  timer.place = heap_.add(timer.when_ns, &timer);
  if (timer.place == TimerHeap::kNowhere) {
    timer.place = kBeside;
    timer.next = beside_;
    beside_ = &timer;
    ++beside_count_;
  }
  ours_ += timer.is_ours ? 1 : 0;
  if (timer.when_ns >= earliest_ns_.load(std::memory_order_relaxed)) return false;
  earliest_ns_.store(timer.when_ns, std::memory_order_release);
  return true;
}

bool TimerShelf::take_out(Timer& timer) noexcept {
  const SpinGuard guard(lock_);
  if (timer.place == TimerHeap::kNowhere) return false;
  if (timer.place == kBeside) {
    take_from_list(timer);
  } else {
    heap_.take_out(timer.place);
  }
  timer.place = TimerHeap::kNowhere;
  ours_ -= timer.is_ours ? 1 : 0;
  if (timer.when_ns == earliest_ns_.load(std::memory_order_relaxed)) {
    earliest_ns_.store(find_earliest_ns(), std::memory_order_release);
  }
  return true;
}

void TimerShelf::take_from_list(const Timer& timer) noexcept {
  Timer** at = &beside_;
  while (*at != &timer) at = &(*at)->next;
  *at = timer.next;
  --beside_count_;
}

std::int64_t TimerShelf::find_earliest_ns() noexcept {
  std::int64_t earliest = heap_.earliest_ns();
  for (const Timer* one = beside_; one != nullptr; one = one->next) {
    earliest = std::min(earliest, one->when_ns);
  }
  return earliest;
}

std::size_t TimerShelf::pop_due(std::int64_t now_ns, Timer** timers) noexcept {
  std::size_t count = 0;
  while (count < DueTimers::kMost && heap_.earliest_ns() <= now_ns) {
    timers[count] = heap_.pop();
    __builtin_prefetch(timers[count], 1);  // they lie on stacks that nobody has touched for long
    ++count;
  }
  for (Timer* one = beside_; one != nullptr && count < DueTimers::kMost; one = one->next) {
    if (one->when_ns > now_ns) continue;
    take_from_list(*one);  // which leaves its `next` as it is
    timers[count++] = one;
  }
  earliest_ns_.store(find_earliest_ns(), std::memory_order_release);
  return count;
}

void TimerShelf::take_due(std::int64_t now_ns, DueTimers& due) noexcept {
  const SpinGuard guard(lock_);
  Timer* timers[DueTimers::kMost];
  const std::size_t count = pop_due(now_ns, timers);
  due.waiter_count = due.timer_count = 0;
  due.may_be_more = count == DueTimers::kMost;
  for (std::size_t i = 0; i < count; ++i) {
    timers[i]->place = TimerHeap::kNowhere;
    ours_ -= timers[i]->is_ours ? 1 : 0;
    Waiter* waiter = timers[i]->waiter;
    if (waiter == nullptr) {
      due.timers[due.timer_count++] = timers[i];
    } else if (waiter->claim(Waiter::kTimedOut)) {
      waiter->prefetch();
      due.waiters[due.waiter_count++] = waiter;
    }
  }
}

std::size_t TimerShelf::size() noexcept {
  const SpinGuard guard(lock_);
  return heap_.size() + beside_count_ - ours_;
}

void TimerShelf::clear() noexcept {
  lock_.store(0, std::memory_order_relaxed);
  heap_.clear();
  beside_ = nullptr;
  beside_count_ = 0;
  ours_ = 0;
  earliest_ns_.store(kNever, std::memory_order_relaxed);
}

}  // namespace raddle::sched
