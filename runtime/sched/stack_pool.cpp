// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/stack_pool.h"

#include <sys/mman.h>

#include <algorithm>

#include "runtime/sched/futex.h"
#include "runtime/sched/guards.h"
#include "runtime/sched/spin_lock.h"

namespace raddle::sched {
namespace {

constexpr std::size_t kKept = 1024;        // free ones that always keep their memory
constexpr std::int64_t kSoon = 2'000'000;  // ns between some that are given back
constexpr std::int64_t kLater =
    500'000'000;  // ns: what is not used for so long gives its memory back

}  // namespace

bool StackPool::add_arena() noexcept {
  if (arenas_ == kMaxArenas) return false;
  if (free_ == nullptr) {
    free_ = static_cast<FreeStack*>(
        map_lazily(kMaxArenas * (kArenaBytes / bytes_) * sizeof(FreeStack)));
    if (free_ == nullptr) return false;
  }
  void* arena = map_lazily(kArenaBytes);
  if (arena == nullptr) return false;
  ::madvise(arena, kArenaBytes, MADV_NOHUGEPAGE);
  arena_ = static_cast<char*>(arena);
  arena_left_ = kArenaBytes;
  all_arenas_[arenas_++] = arena_;
  return true;
}

// Free ones; needs the lock. How many.
std::size_t StackPool::pop(FreeStack* stacks, std::size_t count) noexcept {
  const std::size_t taken = std::min(count, free_count_ - std::min(floor_, free_count_));
  for (std::size_t i = 0; i < taken; ++i) stacks[i] = free_[--free_count_];
  cold_ = std::min(cold_, free_count_);
  least_ = std::min(least_, free_count_);
  return taken;
}

std::size_t StackPool::take(FreeStack* stacks, std::size_t count) noexcept {
  lock_spin(lock_);
  std::size_t taken = pop(stacks, count);
  if (taken != 0 || (arena_left_ == 0 && !add_arena())) {
    unlock_spin(lock_);
    return taken;
  }
  // The more there are already, the more will be needed.
  taken = std::min({count, fresh_batch_, arena_left_ / bytes_});
  fresh_batch_ = std::min(fresh_batch_ * 2, kBatch);
  char* first = arena_ + (kArenaBytes - arena_left_);
  arena_left_ -= taken * bytes_;
  unlock_spin(lock_);
  prepare_stacks(first, bytes_, taken);
  // The first ones last: they are taken from the end.
  for (std::size_t i = 0; i < taken; ++i) stacks[i] = {first + (taken - 1 - i) * bytes_, 0};
  return taken;
}

void StackPool::give(const FreeStack* stacks, std::size_t count) noexcept {
  bool must_trim = false;
  {
    const SpinGuard guard(lock_);
    for (std::size_t i = 0; i < count; ++i) free_[free_count_++] = stacks[i];
    must_trim = !is_trimming_ && free_count_ > cold_ + kKept;
    if (must_trim) {
      is_trimming_ = true;
      least_ = 0;
    }
  }
  if (must_trim) trim_later(kLater);
}

// Giving memory back: some at a time, on the timers' thread ---------------------------------------

void StackPool::trim_later(std::int64_t ns) noexcept {
  trim_.timer.when_ns = now_ns() + ns;
  arm(trim_.timer);
}

// A batch of the oldest that were not needed since the last look. False: none.
bool StackPool::trim_batch() noexcept {
  void* batch[kBatch];
  std::size_t count = 0;
  {
    const SpinGuard guard(lock_);
    const std::size_t unused = std::min(least_, free_count_);
    if (unused <= cold_ + kKept) return false;
    count = std::min(unused - cold_ - kKept, kBatch);
    for (std::size_t i = 0; i < count; ++i) batch[i] = free_[cold_ + i].low();
    floor_ = cold_ + count;
  }
  release_memory(batch, bytes_, count);
  const SpinGuard guard(lock_);
  cold_ = floor_;
  floor_ = 0;
  return true;
}

void StackPool::trim(Timer& timer) noexcept {
  constexpr int kBatchesAtOnce = 16;
  StackPool& pool = *reinterpret_cast<Trim&>(timer).pool;
  for (int i = 0; i < kBatchesAtOnce; ++i) {
    if (pool.trim_batch()) continue;
    lock_spin(pool.lock_);
    pool.least_ = pool.free_count_;
    pool.is_trimming_ = pool.free_count_ > pool.cold_ + kKept;
    const bool is_done = !pool.is_trimming_;
    unlock_spin(pool.lock_);
    if (!is_done) pool.trim_later(kLater);
    return;
  }
  pool.trim_later(kSoon);
}

}  // namespace raddle::sched
