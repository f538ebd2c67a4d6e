// SPDX-License-Identifier: Apache-2.0
// One remembered access, and when two of them conflict or one stands for the other.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "analyzer/order/clock.h"

namespace raddle::detect {

enum class AccessKind : std::uint8_t { kAtomicRead, kRead, kAtomicWrite, kWrite, kFree };

using Origin =
    std::uint32_t;  // who says where the access stands in the program; given by the caller

struct Cell {
  std::uint32_t slot : 21 = 0;
  std::uint32_t kind : 3 = 0;
  std::uint32_t mask : 8 = 0;  // bytes of the granule; 0: no cell
  order::Count count = 0;
  Origin origin = 0;
  AccessKind access_kind() const { return static_cast<AccessKind>(kind); }
};
static_assert(sizeof(Cell) == 12);
inline constexpr std::uint32_t kSlotLimit = (1u << 21) - 1;  // no task has this slot

// All of a cell but its origin, in a register: made in parts and read as a whole in memory, it
// would wait for the cache each time.
struct CellHead {
  std::uint64_t word = 0;

  static CellHead of(order::Epoch epoch) {
    return {(epoch.slot & kSlotLimit) | std::uint64_t{epoch.count} << 32};
  }
  static CellHead of(const Cell& cell) {
    CellHead head;
    std::memcpy(&head.word, &cell, sizeof head.word);
    return head;
  }
  CellHead with(AccessKind kind, std::uint64_t mask) const {
    return {word | static_cast<std::uint64_t>(kind) << 21 | mask << 24};
  }
  void put(Cell& cell, Origin origin) const {
    std::memcpy(&cell, &word, sizeof word);
    cell.origin = origin;
  }
  // All but the mask is the same, and there is a mask.
  bool is_like(CellHead other) const { return ((word ^ other.word) & ~kMask) == 0 && mask() != 0; }
  static constexpr std::uint64_t kMask = std::uint64_t{0xff} << 24;
  static constexpr std::uint64_t kEpoch = ~std::uint64_t{0} << 32 | kSlotLimit;
  // Of two plain accesses, and of no others, these bits of the kind are the same.
  static constexpr std::uint64_t kPlain = std::uint64_t{5} << 21;
  // Of a plain one.
  bool is_write() const { return (word & std::uint64_t{2} << 21) != 0; }
  // Whether a task is behind it that knows this of each slot.
  bool is_before(std::span<const order::Count> known) const {
    return slot() < known.size() && count() <= known[slot()];
  }
  std::uint32_t slot() const { return word & kSlotLimit; }
  std::uint32_t kind() const { return word >> 21 & 7; }
  std::uint32_t mask() const { return word >> 24 & 0xff; }
  order::Count count() const { return static_cast<order::Count>(word >> 32); }
};
static_assert(static_cast<unsigned>(AccessKind::kRead) == 1);
static_assert(static_cast<unsigned>(AccessKind::kWrite) == 3);
static_assert(std::endian::native == std::endian::little);  // and bit-fields begin at the lowest

// Two accesses that conflict and are not ordered; or `later` uses memory that `earlier` freed.
struct Conflict {
  Cell earlier;
  Cell later;
  std::uint64_t address = 0;  // of the first byte they share

  bool is_free() const {
    return earlier.access_kind() == AccessKind::kFree || later.access_kind() == AccessKind::kFree;
  }
};
using Conflicts = std::vector<Conflict>;

constexpr std::uint32_t bit(AccessKind kind) { return 1u << static_cast<unsigned>(kind); }

// By the kind of the later access: which earlier ones it conflicts with, and stands for.
inline constexpr std::array<std::uint32_t, 5> kConflicts = {
    bit(AccessKind::kWrite) | bit(AccessKind::kFree),
    bit(AccessKind::kWrite) | bit(AccessKind::kAtomicWrite) | bit(AccessKind::kFree),
    bit(AccessKind::kWrite) | bit(AccessKind::kRead) | bit(AccessKind::kFree),
    0x1f,
    0x1f,
};
inline constexpr std::array<std::uint32_t, 5> kStandsFor = {
    bit(AccessKind::kAtomicRead),
    bit(AccessKind::kAtomicRead) | bit(AccessKind::kRead),
    bit(AccessKind::kAtomicRead) | bit(AccessKind::kAtomicWrite),
    0x0f,
    0x1f,
};

inline bool is_in(std::uint32_t kind, std::uint32_t set) { return (set >> kind & 1) != 0; }

inline bool is_plain(AccessKind kind) {
  return kind == AccessKind::kRead || kind == AccessKind::kWrite;
}
inline bool is_plain(const Cell& cell) { return is_plain(cell.access_kind()); }

// Whether `access` is more of the plain access that the cell is: other bytes, from the same place,
// of the same epoch. One cell says both.
inline bool is_more_of(const Cell& cell, const Cell& access) {
  return is_plain(access) && cell.mask != 0 && cell.slot == access.slot &&
         cell.count == access.count && cell.kind == access.kind && cell.origin == access.origin;
}

// Whether all that can still happen is behind the access, and it is none that later ones may not be
// behind either. `known`: Order::known_by_all().
inline bool is_over(const Cell& cell, std::span<const order::Count> known) {
  return cell.access_kind() != AccessKind::kFree && cell.slot < known.size() &&
         cell.count <= known[cell.slot];
}

// Makes the access part of the first cell that it is more of. Whether there is one.
inline bool join(std::span<Cell> cells, const Cell& access) {
  for (Cell& cell : cells) {
    if (!is_more_of(cell, access)) continue;
    cell.mask |= access.mask;
    return true;
  }
  return false;
}

// meet() of any two accesses that share bytes.
bool meet_any(Cell& cell, std::uint64_t address, const Cell& access,
              const order::VectorClock& known, Conflicts& conflicts);
// Checks `access` against `cell` and trims what it stands for. Whether the cell makes a cell of its
// own needless for the access. No call where plain accesses share nothing, or do not race.
inline bool meet(Cell& cell, std::uint64_t address, const Cell& access,
                 const order::VectorClock& known, Conflicts& conflicts) {
  const std::uint32_t shared = cell.mask & access.mask;
  if (shared == 0) return false;
  if (!is_plain(cell) || !is_plain(access))
    return meet_any(cell, address, access, known, conflicts);
  const bool is_own = cell.slot == access.slot;
  if (!is_own && known.at(cell.slot) < cell.count) {
    const bool both_read =
        cell.access_kind() == AccessKind::kRead && access.access_kind() == AccessKind::kRead;
    return both_read ? false : meet_any(cell, address, access, known, conflicts);
  }
  if (is_own && cell.count == access.count && shared == access.mask &&
      is_in(access.kind, kStandsFor[cell.kind]))
    return true;
  if (is_in(cell.kind, kStandsFor[access.kind])) cell.mask &= ~access.mask;
  return false;
}

}  // namespace raddle::detect
