// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/cell.h"

#include <bit>

namespace raddle::detect {

namespace {

bool is_atomic(const Cell& cell) {
  return cell.access_kind() == AccessKind::kAtomicRead ||
         cell.access_kind() == AccessKind::kAtomicWrite;
}

bool conflicts_by_kind(const Cell& earlier, const Cell& later) {
  if (is_in(earlier.kind, kConflicts[later.kind])) return true;
  if (!is_atomic(earlier) || !is_atomic(later)) return false;
  const bool both_read = earlier.access_kind() == AccessKind::kAtomicRead &&
                         later.access_kind() == AccessKind::kAtomicRead;
  return !both_read && earlier.mask != later.mask;  // atomics of different sizes do race
}

}  // namespace

bool meet_any(Cell& cell, std::uint64_t address, const Cell& access,
              const order::VectorClock& known, Conflicts& conflicts) {
  const std::uint32_t shared = cell.mask & access.mask;
  const bool is_before = cell.slot == access.slot || known.at(cell.slot) >= cell.count;
  const bool is_after_free = cell.access_kind() == AccessKind::kFree;
  const bool is_conflict = is_after_free || (!is_before && conflicts_by_kind(cell, access));
  if (is_conflict) {
    const auto offset = static_cast<std::uint64_t>(std::countr_zero(shared));
    conflicts.push_back({cell, access, (address & ~std::uint64_t{7}) + offset});
  }
  // What is freed stays so: no later access takes the free's place.
  if (is_after_free && access.access_kind() != AccessKind::kFree) return true;
  const bool is_seen = cell.slot == access.slot && cell.count == access.count &&
                       shared == access.mask && is_in(access.kind, kStandsFor[cell.kind]);
  if (is_seen) return true;
  const bool both_atomic = is_atomic(cell) && is_atomic(access);
  if ((is_before || (is_conflict && !both_atomic)) && is_in(cell.kind, kStandsFor[access.kind])) {
    // An atomic's cell stays whole or goes: its mask is its size, which later atomics must have.
    if (!is_atomic(cell) || shared == cell.mask) cell.mask &= ~access.mask;
  }
  return false;
}

}  // namespace raddle::detect
