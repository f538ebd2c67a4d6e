// SPDX-License-Identifier: Apache-2.0
// What becomes of a cell that a plain access meets: meet() of nearly all accesses of nearly all
// programs, by a table, for no branch there can be predicted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "analyzer/detect/cell.h"
#include "analyzer/order/clock.h"

namespace raddle::detect {

enum Outcome : std::uint8_t {
  kKept = 0,
  kReplaced = 1,
  kStandsAlready = 2,  // the access needs no cell
  kTrimmed = 4,        // keeps the bytes that are not the access'
  kHard = 8,           // meet() has to look: a conflict, or it is of another kind
};

// By the bits that outcome_of() puts together.
constexpr std::array<Outcome, 128> make_outcomes() {
  std::array<Outcome, 128> outcomes{};
  for (unsigned bits = 0; bits < outcomes.size(); ++bits) {
    const bool meets = (bits & 1) != 0;
    const bool is_covered = (bits & 2) != 0;
    const bool is_ordered = (bits & 4) != 0;
    const bool is_plain = (bits & 8) != 0;
    const bool was_write = (bits & 16) != 0;
    const bool is_write = (bits & 32) != 0;
    const bool covers_now = (bits & 64) != 0;  // of the same epoch, and no byte less
    if (!meets) {
      outcomes[bits] = is_covered ? kReplaced : kKept;  // there is none
    } else if (!is_plain) {
      outcomes[bits] = kHard;
    } else if (!is_ordered) {
      outcomes[bits] = was_write || is_write ? kHard : kKept;
    } else if (covers_now && (!is_write || was_write)) {
      outcomes[bits] = kStandsAlready;
    } else if (!is_write && was_write) {
      outcomes[bits] = kKept;
    } else {
      outcomes[bits] = is_covered ? kReplaced : kTrimmed;
    }
  }
  return outcomes;
}
inline constexpr std::array<Outcome, 128> kOutcomes = make_outcomes();

// `access` is plain, by a task that knows `counts`, by slot.
[[gnu::always_inline]] inline unsigned outcome_of(CellHead cell, CellHead access,
                                                  std::span<const order::Count> counts) {
  static_assert(static_cast<unsigned>(AccessKind::kRead) == 1);
  static_assert(static_cast<unsigned>(AccessKind::kWrite) == 3);
  const auto is = [](bool condition) { return static_cast<unsigned>(condition); };
  const order::Count known = cell.slot() < counts.size() ? counts[cell.slot()] : 0;
  const unsigned is_own = is(cell.slot() == access.slot());
  const unsigned is_now = is_own & is(cell.count() == access.count());
  const unsigned bits =
      is((cell.mask() & access.mask()) != 0) | is((cell.mask() & ~access.mask()) == 0) << 1 |
      (is_own | is(known >= cell.count())) << 2 | (cell.kind() & 3) << 3 |
      (access.kind() & 2) << 4 | (is_now & is((access.mask() & ~cell.mask()) == 0)) << 6;
  return kOutcomes[bits];
}

}  // namespace raddle::detect
