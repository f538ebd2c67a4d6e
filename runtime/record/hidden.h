// SPDX-License-Identifier: Apache-2.0
// Memory of the recorder's own that is full of addresses of the program's objects and refers to
// none of them: not looked at in a search for leaks.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace raddle::record {

struct HiddenRanges {
  struct Range {
    std::atomic<std::uint64_t> low, high;  // both 0: free
  };
  static constexpr std::size_t kMost = 2048;  // what is beyond is looked at, and may hide a leak
  Range ranges[kMost];
};
inline constinit HiddenRanges g_hidden{};

// As mmap(2) of anonymous memory; null: there is none.
void* map_hidden(std::size_t bytes) noexcept;
void unmap_hidden(void* memory, std::size_t bytes) noexcept;

}  // namespace raddle::record
