// SPDX-License-Identifier: Apache-2.0
// Memory for fibers' stacks: slots of virtual memory, each with a guard at the low end, from arenas
// that are never returned; a slot costs memory only for the pages touched. Two sizes are pooled,
// others have a mapping of their own.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace raddle::sched {

inline constexpr std::size_t kGuardBytes = 4096;
inline constexpr std::size_t kUsualStackBytes = std::size_t{256} << 10;
inline constexpr std::size_t kSmallStackBytes = std::size_t{64} << 10;
inline constexpr int kStackPools = 2;

// A stack that is free: its lowest address, guard included, and the stream of the trace that says
// so (record::stream_number()), if one does.
class FreeStack {
 public:
  FreeStack() = default;  // none
  FreeStack(void* low, std::uint32_t stream) noexcept
      : word_(reinterpret_cast<std::uintptr_t>(low) | (stream < kGuardBytes ? stream : 0)) {}
  void* low() const noexcept { return reinterpret_cast<void*>(word_ & ~(kGuardBytes - 1)); }
  std::uint32_t stream() const noexcept {
    return static_cast<std::uint32_t>(word_ & (kGuardBytes - 1));
  }

 private:
  std::uintptr_t word_ = 0;
};

// A worker's own free slots; used by its thread alone, but for the counter.
struct StackCache {
  static constexpr std::uint32_t kSize = 256;
  struct Slots {
    FreeStack slots[kSize] = {};
    std::uint32_t count = 0;
  };
  Slots pools[kStackPools];
  std::atomic<std::int64_t> in_use{0};  // stacks taken here, less those given back here
};

// What a stack of so many bytes is made of: one of the pooled sizes, or whole pages; 0: the usual.
std::size_t whole_stack_bytes(std::size_t bytes) noexcept;

// A stack of whole_stack_bytes(); recently freed ones come first. None: no memory or no addresses
// are left. `cache` is this worker's; null on other threads.
FreeStack take_stack(StackCache* cache, std::size_t bytes) noexcept;
// The guard stays. The memory of slots that are not used again goes back to the system after a
// while.
void give_stack(StackCache* cache, FreeStack stack, std::size_t bytes) noexcept;

// Stacks in use that no cache counts. See live_stacks().
std::int64_t stacks_in_use_elsewhere() noexcept;

}  // namespace raddle::sched
