// SPDX-License-Identifier: Apache-2.0
#include "runtime/interpose/bootstrap.h"

#include <atomic>
#include <cstdint>

namespace raddle::interpose::bootstrap {
namespace {

constexpr std::size_t kArenaBytes = std::size_t{64} << 10;
constexpr std::size_t kHeaderBytes = 16;  // holds the size and keeps the alignment

alignas(16) char g_arena[kArenaBytes];
std::atomic<std::size_t> g_used{0};  // relaxed: blocks are disjoint, nothing else is published

}  // namespace

void* allocate(std::size_t bytes) noexcept {
  if (bytes > kArenaBytes) return nullptr;
  const std::size_t whole = kHeaderBytes + ((bytes + 15) & ~std::size_t{15});
  const std::size_t at = g_used.fetch_add(whole, std::memory_order_relaxed);
  if (at + whole > kArenaBytes) return nullptr;
  *reinterpret_cast<std::size_t*>(g_arena + at) = bytes;
  return g_arena + at + kHeaderBytes;
}

bool owns(const void* block) noexcept {
  return reinterpret_cast<std::uintptr_t>(block) - reinterpret_cast<std::uintptr_t>(g_arena) <
         kArenaBytes;
}

std::size_t size_of(const void* block) noexcept {
  return *reinterpret_cast<const std::size_t*>(static_cast<const char*>(block) - kHeaderBytes);
}

}  // namespace raddle::interpose::bootstrap
