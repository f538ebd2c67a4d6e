// SPDX-License-Identifier: Apache-2.0
// Compact accesses: what is said of an access from the same place, with the same callers, as an
// earlier one of its chunk.
//
// A Read or Write record makes a template, found by what access_slot hashes; a later one replaces
// it. One word then says how far from it the next access is, which takes its place; or up to
// kMostRepeats templates that were accessed once more. docs/trace-format.md has the bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace/compact.h"

namespace raddle::trace {

inline constexpr unsigned kAccessSlotBits = 9;
inline constexpr std::size_t kAccessTemplates = std::size_t{1} << kAccessSlotBits;
inline constexpr std::size_t kMostRepeats = 6;

// Code and `extra` of the access record's head; its site; the hash of the callers. Never 0.
constexpr std::size_t access_slot(std::uint64_t head, std::uint32_t site, std::uint64_t context) {
  const std::uint64_t place = context + (std::uint64_t{site} << 12) + (head >> 48);
  const std::uint64_t slot = (place * 0x9e37'79b9'7f4a'7c15u) >> (64 - kAccessSlotBits);
  return slot == 0 ? 1 : slot;
}

inline constexpr std::uint64_t kCompactAccess = (std::uint64_t{kCompact} << 56) | (7ULL << 57);
inline constexpr std::uint64_t kRepeats = kCompactAccess | (1ULL << 56);
constexpr bool is_compact_access(std::uint64_t head) {
  return (head & kCompactAccess) == kCompactAccess;
}
constexpr bool is_repeats(std::uint64_t head) { return (head & kRepeats) == kRepeats; }

// An access `distance` bytes from the last one of its template.
inline constexpr unsigned kDistanceBits = 56 - kAccessSlotBits;
constexpr bool is_near(std::int64_t distance) { return compact::fits<kDistanceBits>(distance); }
constexpr std::uint64_t access_like(std::size_t slot, std::int64_t distance) {
  return kCompactAccess | (std::uint64_t{slot} << kDistanceBits) |
         compact::cut<kDistanceBits>(distance);
}
constexpr std::size_t like_slot(std::uint64_t word) {
  return (word >> kDistanceBits) & (kAccessTemplates - 1);
}
constexpr std::int64_t like_distance(std::uint64_t word) {
  return compact::extend<kDistanceBits>(word);
}

// The slots of a word of repeats, from bit 0 on; 0 ends them.
constexpr std::uint64_t repeat(std::size_t slot, std::size_t place) {
  return kRepeats | (std::uint64_t{slot} << (place * kAccessSlotBits));
}
constexpr std::size_t repeat_slot(std::uint64_t word, std::size_t place) {
  return (word >> (place * kAccessSlotBits)) & (kAccessTemplates - 1);
}
// How many accesses a compact one says, if the chunk has told of their places.
constexpr std::uint32_t compact_count(std::uint64_t word) {
  if (!is_repeats(word)) return 1;
  std::uint32_t count = 0;
  while (count < kMostRepeats && repeat_slot(word, count) != 0) ++count;
  return count;
}

}  // namespace raddle::trace
