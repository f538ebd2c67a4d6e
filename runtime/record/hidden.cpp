// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/hidden.h"

#include <sys/mman.h>

namespace raddle::record {

// Relaxed: who looks does so from outside, while all threads stand still.
void* map_hidden(std::size_t bytes) noexcept {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  const auto low = reinterpret_cast<std::uint64_t>(memory);
  for (HiddenRanges::Range& range : g_hidden.ranges) {
    std::uint64_t expected = 0;
    if (range.low.load(std::memory_order_relaxed) != 0 ||
        !range.low.compare_exchange_strong(expected, low, std::memory_order_relaxed)) {
      continue;
    }
    range.high.store(low + bytes, std::memory_order_relaxed);
    break;
  }
  return memory;
}

void unmap_hidden(void* memory, std::size_t bytes) noexcept {
  const auto low = reinterpret_cast<std::uint64_t>(memory);
  for (HiddenRanges::Range& range : g_hidden.ranges) {
    if (range.low.load(std::memory_order_relaxed) != low) continue;
    range.high.store(0, std::memory_order_relaxed);
    range.low.store(0, std::memory_order_relaxed);
    break;
  }
  ::munmap(memory, bytes);
}

}  // namespace raddle::record
