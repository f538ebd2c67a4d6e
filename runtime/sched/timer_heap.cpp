// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/timer_heap.h"

#include <sys/mman.h>

#include <algorithm>
#include <utility>

#include "runtime/sched/futex.h"

namespace raddle::sched {
namespace {

constexpr std::size_t kChildren = 4;
constexpr std::size_t kFirstCapacity = 512;
constexpr std::size_t kFewDead = 64;

template <typename T>
T* move_to(void* memory, const T* old, std::size_t count) {
  auto* moved = static_cast<T*>(memory);
  std::copy_n(old, count, moved);
  return moved;
}

}  // namespace

bool TimerHeap::grow() noexcept {
  constexpr std::size_t kBytes = sizeof(Entry) + sizeof(void*) + sizeof(std::uint32_t);
  const std::size_t capacity = capacity_ == 0 ? kFirstCapacity : capacity_ * 2;
  void* memory = ::mmap(nullptr, capacity * kBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  Entry* old = entries_;
  entries_ = move_to(memory, entries_, capacity_);
  timers_ = move_to(entries_ + capacity, timers_, capacity_);
  free_places_ = move_to(timers_ + capacity, free_places_, capacity_);
  if (old != nullptr) ::munmap(old, capacity_ * kBytes);
  capacity_ = capacity;
  return true;
}

void TimerHeap::sift_up(std::size_t at, Entry entry) noexcept {
  while (at > 0) {
    const std::size_t parent = (at - 1) / kChildren;
    if (entries_[parent].when_ns <= entry.when_ns) break;
    entries_[at] = entries_[parent];
    at = parent;
  }
  entries_[at] = entry;
}

void TimerHeap::sift_down(std::size_t at, Entry entry) noexcept {
  for (;;) {
    const std::size_t first = at * kChildren + 1;
    if (first >= size_) break;
    std::size_t least = first;
    for (std::size_t child = first + 1; child < first + kChildren && child < size_; ++child) {
      if (entries_[child].when_ns < entries_[least].when_ns) least = child;
    }
    if (entries_[least].when_ns >= entry.when_ns) break;
    entries_[at] = entries_[least];
    at = least;
  }
  entries_[at] = entry;
}

void TimerHeap::drop_top() noexcept {
  free_places_[free_count_++] = entries_[0].place;
  const Entry last = entries_[--size_];
  if (size_ != 0) sift_down(0, last);
}

// When they are more than the others: what is left is put in order again, bottom up.
void TimerHeap::drop_dead() noexcept {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    if (timers_[entries_[i].place] != nullptr) {
      entries_[kept++] = entries_[i];
    } else {
      free_places_[free_count_++] = entries_[i].place;
    }
  }
  size_ = kept;
  dead_ = 0;
  for (std::size_t i = size_ / kChildren + 1; i-- > 0;) {
    if (i < size_) sift_down(i, entries_[i]);
  }
}

std::uint32_t TimerHeap::add(std::int64_t when_ns, Timer* timer) noexcept {
  if (size_ == capacity_ && !grow()) return kNowhere;
  const std::uint32_t place = free_count_ != 0 ? free_places_[--free_count_] : places_++;
  timers_[place] = timer;
  sift_up(size_++, {when_ns, place});
  return place;
}

void TimerHeap::take_out(std::uint32_t place) noexcept {
  timers_[place] = nullptr;
  if (++dead_ > kFewDead && dead_ > size_ / 2) drop_dead();
}

std::int64_t TimerHeap::earliest_ns() noexcept {
  while (size_ != 0 && timers_[entries_[0].place] == nullptr) {
    --dead_;
    drop_top();
  }
  return size_ == 0 ? kNever : entries_[0].when_ns;
}

Timer* TimerHeap::pop() noexcept {
  earliest_ns();
  Timer* timer =
      std::exchange(timers_[entries_[0].place], nullptr);  // nothing leads to it any more
  drop_top();
  return timer;
}

void TimerHeap::clear() noexcept { size_ = dead_ = free_count_ = places_ = 0; }

}  // namespace raddle::sched
