// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/stacks.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>

#include "runtime/sched/guards.h"
#include "runtime/sched/stack_pool.h"

namespace raddle::sched {
namespace {

constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kLeastBytes = std::size_t{16} << 10;

constinit StackPool g_pools[kStackPools] = {StackPool(kUsualStackBytes),
                                            StackPool(kSmallStackBytes)};
constinit std::atomic<std::int64_t> g_in_use{0};

// -1: none.
int pool_of(std::size_t bytes) {
  for (int i = 0; i < kStackPools; ++i) {
    if (g_pools[i].bytes() == bytes) return i;
  }
  return -1;
}

void count_stacks(StackCache* cache, std::int64_t n) {
  if (cache == nullptr) {
    g_in_use.fetch_add(n, std::memory_order_relaxed);
    return;
  }
  cache->in_use.store(cache->in_use.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
}

void* map_stack(std::size_t bytes) {
  void* low = map_lazily(bytes);
  if (low != nullptr) prepare_stacks(static_cast<char*>(low), bytes, 1);
  return low;
}

FreeStack take_from(StackPool& pool, StackCache::Slots* own) {
  if (own == nullptr) {
    FreeStack stack;
    pool.take(&stack, 1);
    return stack;
  }
  if (own->count == 0) {
    own->count = static_cast<std::uint32_t>(pool.take(own->slots, StackCache::kSize / 2));
    if (own->count == 0) return {};
  }
  return own->slots[--own->count];
}

void give_to(StackPool& pool, StackCache::Slots* own, FreeStack stack) {
  if (own == nullptr) return pool.give(&stack, 1);
  if (own->count == StackCache::kSize) {
    constexpr std::uint32_t kHalf = StackCache::kSize / 2;
    pool.give(own->slots + kHalf, kHalf);
    own->count = kHalf;
  }
  own->slots[own->count++] = stack;
}

}  // namespace

const StackPool& stack_pool(int i) noexcept { return g_pools[i]; }

std::size_t whole_stack_bytes(std::size_t bytes) noexcept {
  if (bytes == 0) return kUsualStackBytes;
  // What is more than all memory stays so: it is not to be had.
  const std::size_t sane = std::clamp(bytes, kLeastBytes, SIZE_MAX - kPageBytes);
  const std::size_t whole = (sane + kPageBytes - 1) & ~(kPageBytes - 1);
  if (whole <= kSmallStackBytes) return kSmallStackBytes;
  return whole <= kUsualStackBytes ? kUsualStackBytes : whole;
}

FreeStack take_stack(StackCache* cache, std::size_t bytes) noexcept {
  const int pool = pool_of(bytes);
  const FreeStack stack =
      pool < 0 ? FreeStack(map_stack(bytes), 0)
               : take_from(g_pools[pool], cache != nullptr ? &cache->pools[pool] : nullptr);
  if (stack.low() != nullptr) count_stacks(cache, 1);
  return stack;
}

void give_stack(StackCache* cache, FreeStack stack, std::size_t bytes) noexcept {
  count_stacks(cache, -1);
  const int pool = pool_of(bytes);
  if (pool < 0) {
    ::munmap(stack.low(), bytes);
  } else {
    give_to(g_pools[pool], cache != nullptr ? &cache->pools[pool] : nullptr, stack);
  }
}

std::int64_t stacks_in_use_elsewhere() noexcept { return g_in_use.load(std::memory_order_relaxed); }

}  // namespace raddle::sched
