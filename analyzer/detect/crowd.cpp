// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/crowd.h"

#include <algorithm>
#include <bit>

namespace raddle::detect {

using order::VectorClock;

namespace {

// From so many reads of the same bytes on, the array is tried; it must not be emptier than this.
constexpr std::size_t kFewReads = 6;
constexpr std::size_t kSlotsPerRead = 8;

bool is_plain_read(const Cell& cell, std::uint32_t mask) {
  return cell.access_kind() == AccessKind::kRead && cell.mask == mask;
}

}  // namespace

void CellList::assign(std::span<const Cell> cells) {
  many_.clear();
  count_ = 0;
  for (const Cell& cell : cells) add(cell);
}

void CellList::add(const Cell& cell) {
  if (many_.empty() && count_ < kFew) {
    few_[count_++] = cell;
    return;
  }
  if (many_.empty()) many_.assign(few_.begin(), few_.end());
  many_.push_back(cell);
}

void Crowd::access(std::uint64_t address, const Cell& access, const VectorClock& known,
                   Conflicts& conflicts) {
  if (is_known_read(access)) return;
  bool adds = true;
  for (Cell& cell : cells_.all()) {
    if (meet(cell, address, access, known, conflicts)) adds = false;
  }
  cells_.erase_if([](const Cell& cell) { return cell.mask == 0; });
  if (reader_count_ != 0) meet_readers(address, access, known, conflicts);
  if (adds) add(access);
}

void Crowd::meet_readers(std::uint64_t address, const Cell& access, const VectorClock& known,
                         Conflicts& conflicts) {
  if ((reader_mask_ & access.mask) == 0) return;
  if (!is_in(static_cast<std::uint32_t>(AccessKind::kRead), kConflicts[access.kind])) return;
  if (!known.covers_all(counts_)) report_readers(address, access, known, conflicts);
  // Each is before the access or has just been reported with it.
  if (is_in(static_cast<std::uint32_t>(AccessKind::kRead), kStandsFor[access.kind])) {
    clear_readers(access.mask);
  }
}

void Crowd::report_readers(std::uint64_t address, const Cell& access, const VectorClock& known,
                           Conflicts& conflicts) const {
  const auto first = static_cast<std::uint64_t>(std::countr_zero(reader_mask_ & access.mask));
  for (order::Slot slot = 0; slot < counts_.size(); ++slot) {
    if (slot == access.slot || known.at(slot) >= counts_[slot]) continue;
    Cell reader;
    reader.slot = slot & kSlotLimit;
    reader.kind = static_cast<std::uint32_t>(AccessKind::kRead);
    reader.mask = reader_mask_ & 0xff;
    reader.count = counts_[slot];
    reader.origin = origins_[slot];
    conflicts.push_back({reader, access, (address & ~std::uint64_t{7}) + first});
  }
}

void Crowd::add(const Cell& access) {
  if (join(cells_.all(), access)) return;
  if (access.access_kind() != AccessKind::kRead) {
    cells_.add(access);
    return;
  }
  if (reader_count_ == 0 && cells_.all().size() >= kFewReads) gather_readers(access.mask);
  if (reader_count_ != 0 && reader_mask_ == access.mask) {
    add_reader(access);
  } else {
    cells_.add(access);
  }
}

void Crowd::add_reader(const Cell& access) {
  if (access.slot >= counts_.size()) {
    counts_.resize(access.slot + 1);
    origins_.resize(access.slot + 1);
  }
  if (counts_[access.slot] == 0) ++reader_count_;
  counts_[access.slot] = access.count;
  origins_[access.slot] = access.origin;
}

// Moves the reads of just these bytes from the list to the array, if that is worth it.
void Crowd::gather_readers(std::uint32_t mask) {
  std::size_t reads = 0;
  std::size_t width = 0;
  for (const Cell& cell : cells_.all()) {
    if (!is_plain_read(cell, mask)) continue;
    ++reads;
    width = std::max<std::size_t>(width, cell.slot + 1);
  }
  if (reads < kFewReads || width > reads * kSlotsPerRead + 64) return;
  reader_mask_ = mask;
  for (const Cell& cell : cells_.all()) {
    if (is_plain_read(cell, mask)) add_reader(cell);
  }
  cells_.erase_if([&](const Cell& cell) { return is_plain_read(cell, mask); });
}

void Crowd::clear_readers(std::uint32_t mask) {
  reader_mask_ &= ~mask;
  if (reader_mask_ != 0) return;
  reader_count_ = 0;
  counts_.clear();
  origins_.clear();
}

void Crowd::drop_known(std::span<const order::Count> known) {
  cells_.erase_if([&](const Cell& cell) { return is_over(cell, known); });
  for (order::Slot slot = 0; slot < counts_.size(); ++slot) {
    if (counts_[slot] == 0 || slot >= known.size() || known[slot] < counts_[slot]) continue;
    counts_[slot] = 0;
    --reader_count_;
  }
  if (reader_count_ == 0) clear_readers(reader_mask_);
}

void Crowd::clear(std::uint32_t mask) {
  for (Cell& cell : cells_.all()) cell.mask &= ~mask;
  cells_.erase_if([](const Cell& cell) { return cell.mask == 0; });
  if (reader_count_ != 0) clear_readers(mask);
}

void Crowd::add_epochs(order::EpochSet& epochs) const {
  for (const Cell& cell : cells_.all()) epochs.add({cell.slot, cell.count});
  for (order::Slot slot = 0; slot < counts_.size(); ++slot) {
    if (counts_[slot] != 0) epochs.add({slot, counts_[slot]});
  }
}

}  // namespace raddle::detect
