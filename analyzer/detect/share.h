// SPDX-License-Identifier: Apache-2.0
// Shares of memory, each of which is checked by itself.
#pragma once

#include <algorithm>
#include <cstdint>

namespace raddle::detect {

// Memory is dealt out to shares in blocks of 4 KiB.
inline constexpr unsigned kBlockBits = 12;

// Whether the stretch, which is not empty, lies in one block.
inline bool is_in_block(std::uint64_t address, std::uint64_t bytes) {
  return address >> kBlockBits == (address + bytes - 1) >> kBlockBits;
}

// Which of so many shares of memory the address belongs to.
inline unsigned share_of(std::uint64_t address, unsigned count) {
  const std::uint64_t hash = (address >> kBlockBits) * 0x9e37'79b9'7f4a'7c15u;
  return static_cast<unsigned>((hash >> 32) * count >> 32);
}

struct Share {
  unsigned number = 0;
  unsigned count = 1;

  bool is_all() const { return count == 1; }
  bool has(std::uint64_t address) const { return share_of(address, count) == number; }
};

// Calls take(address, bytes) with the pieces of a stretch, cut where shares may be.
template <typename F>
void cut(std::uint64_t address, std::uint64_t bytes, F&& take) {
  const std::uint64_t end = address + bytes;
  while (address < end) {
    const std::uint64_t next = std::min(end, ((address >> kBlockBits) + 1) << kBlockBits);
    take(address, next - address);
    address = next;
  }
}

}  // namespace raddle::detect
