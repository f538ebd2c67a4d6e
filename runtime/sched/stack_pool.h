// SPDX-License-Identifier: Apache-2.0
// Stacks of one size. Free ones lie in a stack of pointers, most recently freed on top; those at
// the bottom, which nobody has needed for a while, have no memory. The pointers are not kept in the
// stacks: a free one is not touched.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/sched/stacks.h"
#include "runtime/sched/timers.h"

namespace raddle::sched {

class StackPool {
 public:
  constexpr explicit StackPool(std::size_t bytes) noexcept : bytes_(bytes) {
    trim_.timer.fire = trim;
    trim_.timer.is_ours = true;
    trim_.pool = this;
  }
  StackPool(const StackPool&) = delete;
  StackPool& operator=(const StackPool&) = delete;

  std::size_t bytes() const noexcept { return bytes_; }
  // For debuggers: where the addresses of its arenas are kept, null behind the last.
  static constexpr std::size_t kArenaBytes = std::size_t{1} << 30;
  const void* arenas() const noexcept { return all_arenas_; }
  // Up to `count` of them, at most kBatch; at least one unless no memory is left.
  std::size_t take(FreeStack* stacks, std::size_t count) noexcept;
  void give(const FreeStack* stacks, std::size_t count) noexcept;

 private:
  struct Trim {
    Timer timer;  // first: trim() gets its address
    StackPool* pool = nullptr;
  };

  bool add_arena() noexcept;
  std::size_t pop(FreeStack* stacks, std::size_t count) noexcept;
  static void trim(Timer& timer) noexcept;
  bool trim_batch() noexcept;
  void trim_later(std::int64_t ns) noexcept;

  const std::size_t bytes_;
  // Guards all that follows.
  std::atomic<std::uint32_t> lock_{0};
  char* arena_ = nullptr;       // the last one
  std::size_t arena_left_ = 0;  // bytes of it not handed out yet
  static constexpr std::size_t kMaxArenas = 4096;
  std::size_t arenas_ = 0;
  char* all_arenas_[kMaxArenas + 1] = {};
  std::size_t fresh_batch_ = 1;
  FreeStack* free_ = nullptr;
  std::size_t free_count_ = 0;
  std::size_t cold_ = 0;   // so many at the bottom have no memory
  std::size_t floor_ = 0;  // so many at the bottom must not be taken now
  std::size_t least_ = 0;  // of free_count_ since the last look
  bool is_trimming_ = false;
  Trim trim_;
};

// Those behind take_stack(): i < kStackPools.
const StackPool& stack_pool(int i) noexcept;

}  // namespace raddle::sched
