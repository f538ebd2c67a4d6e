// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/crowd.h"

#include <algorithm>
#include <array>
#include <bit>

#include "analyzer/detect/outcome.h"

namespace raddle::detect {

using order::VectorClock;

namespace {

// From so many reads of the same bytes on, the array is tried; it must not be emptier than this.
constexpr std::size_t kFewReads = 6;
constexpr std::size_t kSlotsPerRead = 64;

bool is_plain_read(const Cell& cell, std::uint32_t mask) {
  return cell.access_kind() == AccessKind::kRead && cell.mask == mask;
}

}  // namespace

Crowd::Crowd(const Crowd& other)
    : few_(other.few_),
      count_(other.count_),
      reader_count_(other.reader_count_),
      more_(other.more_ == nullptr ? nullptr : std::make_unique<More>(*other.more_)) {}

Crowd& Crowd::operator=(const Crowd& other) {
  if (this != &other) *this = Crowd(other);
  return *this;
}

void Crowd::assign(std::span<const Cell> cells) {
  if (more_ != nullptr) more_->cells.clear();
  count_ = 0;
  for (const Cell& cell : cells) add_cell(cell);
}

void Crowd::add_cell(const Cell& cell) {
  if (count_ < kFew) {
    few_[count_++] = cell;
    return;
  }
  if (count_ == kFew) {
    more().cells.assign(few_.begin(), few_.end());
    count_ = kMany;
  }
  more_->cells.push_back(cell);
}

template <typename Predicate>
void Crowd::erase_if(Predicate&& predicate) {
  if (count_ <= kFew) {
    const auto kept = std::remove_if(few_.begin(), few_.begin() + count_, predicate);
    count_ = static_cast<std::uint32_t>(kept - few_.begin());
    return;
  }
  std::vector<Cell>& many = more_->cells;
  std::erase_if(many, predicate);
  if (many.size() > kFew) return;
  count_ = static_cast<std::uint32_t>(many.size());
  std::ranges::copy(many, few_.begin());
  many.clear();
}

bool Crowd::is_known_read(const Cell& access) const {
  return reader_count_ != 0 && access.access_kind() == AccessKind::kRead &&
         (more_->reader_mask & access.mask) == access.mask && access.slot < more_->counts.size() &&
         more_->counts[access.slot] == access.count;
}

// One more read of the bytes that the array's reads are of, behind all writes to them.
bool Crowd::read_quickly(CellHead access, Origin origin, std::span<const order::Count> counts) {
  More& array = *more_;
  const bool is_alike = access.kind() == static_cast<unsigned>(AccessKind::kRead) &&
                        access.mask() == array.reader_mask;
  if (!is_alike || count_ > kFew || access.slot() >= array.counts.size()) return false;
  for (const Cell& cell : std::span(few_).first(count_)) {
    if (outcome_of(CellHead::of(cell), access, counts) != kKept) return false;
    if (CellHead::of(cell).is_like(access) && cell.origin == origin) return false;
  }
  order::Count& count = array.counts[access.slot()];
  if (count == access.count()) return true;
  if (count == 0) ++reader_count_;
  count = access.count();
  array.origins[access.slot()] = origin;
  return true;
}

// As Shadow::access_alike: all of the few are to just these bytes, and none is of the same epoch.
bool Crowd::access_alike(CellHead access, Origin origin, std::span<const order::Count> counts) {
  unsigned replaced = 0;  // a bit for each
  for (std::uint32_t i = 0; i < count_; ++i) {
    const CellHead cell = CellHead::of(few_[i]);
    const std::uint64_t by = cell.word ^ access.word;
    if ((by & (CellHead::kMask | CellHead::kPlain)) != 0 || (by & CellHead::kEpoch) == 0) {
      return false;
    }
    if (!cell.is_before(counts)) {
      if (cell.is_write() || access.is_write()) return false;
    } else if (access.is_write() || !cell.is_write()) {
      replaced |= 1u << i;
    }
  }
  if (replaced == 0) {
    if (count_ == kFew) return false;
    access.put(few_[count_++], origin);
    return true;
  }
  access.put(few_[static_cast<std::size_t>(std::countr_zero(replaced))], origin);
  for (replaced &= replaced - 1; replaced != 0;) {  // the last ones first: behind them all stay
    const auto last = static_cast<std::size_t>(std::bit_width(replaced)) - 1;
    few_[last] = few_[--count_];
    replaced ^= 1u << last;
  }
  return true;
}

bool Crowd::access_quickly(CellHead access, Origin origin, std::span<const order::Count> counts) {
  if (reader_count_ != 0) return read_quickly(access, origin, counts);
  if (count_ > kFew) return false;
  if (access_alike(access, origin, counts)) return true;
  const std::span<Cell> cells = all();
  std::array<unsigned, kFew> outcomes;
  unsigned all = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    outcomes[i] = outcome_of(CellHead::of(cells[i]), access, counts);
    all |= outcomes[i];
  }
  if ((all & kHard) != 0) return false;
  bool needs_cell = (all & kStandsAlready) == 0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (outcomes[i] == kReplaced) continue;
    Cell cell = cells[i];
    if (outcomes[i] == kTrimmed) cell.mask &= ~access.mask();
    if (needs_cell && CellHead::of(cell).is_like(access) && cell.origin == origin) {
      cell.mask |= access.mask() & 0xff;
      needs_cell = false;
    }
    cells[kept++] = cell;
  }
  count_ = static_cast<std::uint32_t>(kept);
  if (!needs_cell) return true;
  Cell cell;
  access.put(cell, origin);
  add_cell(cell);
  return true;
}

void Crowd::access(std::uint64_t address, const Cell& access, const VectorClock& known,
                   Conflicts& conflicts) {
  if (is_known_read(access)) return;
  bool adds = true;
  for (Cell& cell : all()) {
    if (meet(cell, address, access, known, conflicts)) adds = false;
  }
  erase_if([](const Cell& cell) { return cell.mask == 0; });
  if (reader_count_ != 0) meet_readers(address, access, known, conflicts);
  if (adds) add(access);
}

void Crowd::meet_readers(std::uint64_t address, const Cell& access, const VectorClock& known,
                         Conflicts& conflicts) {
  if ((more_->reader_mask & access.mask) == 0) return;
  if (!is_in(static_cast<std::uint32_t>(AccessKind::kRead), kConflicts[access.kind])) return;
  if (!known.covers_all(more_->counts)) report_readers(address, access, known, conflicts);
  // Each is before the access or has just been reported with it.
  if (is_in(static_cast<std::uint32_t>(AccessKind::kRead), kStandsFor[access.kind])) {
    clear_readers(access.mask);
  }
}

void Crowd::report_readers(std::uint64_t address, const Cell& access, const VectorClock& known,
                           Conflicts& conflicts) const {
  const auto first = static_cast<std::uint64_t>(std::countr_zero(more_->reader_mask & access.mask));
  for (order::Slot slot = 0; slot < more_->counts.size(); ++slot) {
    if (slot == access.slot || known.at(slot) >= more_->counts[slot]) continue;
    Cell reader;
    reader.slot = slot & kSlotLimit;
    reader.kind = static_cast<std::uint32_t>(AccessKind::kRead);
    reader.mask = more_->reader_mask & 0xff;
    reader.count = more_->counts[slot];
    reader.origin = more_->origins[slot];
    conflicts.push_back({reader, access, (address & ~std::uint64_t{7}) + first});
  }
}

void Crowd::add(const Cell& access) {
  if (join(all(), access)) return;
  if (access.access_kind() != AccessKind::kRead) {
    add_cell(access);
    return;
  }
  if (reader_count_ == 0 && cells().size() >= kFewReads) gather_readers(access.mask);
  if (reader_count_ != 0 && more_->reader_mask == access.mask) {
    add_reader(access);
  } else {
    add_cell(access);
  }
}

void Crowd::add_reader(const Cell& access) {
  More& array = more();
  if (access.slot >= array.counts.size()) {
    array.counts.resize(access.slot + 1);
    array.origins.resize(access.slot + 1);
  }
  if (array.counts[access.slot] == 0) ++reader_count_;
  array.counts[access.slot] = access.count;
  array.origins[access.slot] = access.origin;
}

// Moves the reads of just these bytes from the list to the array, if that is worth it.
void Crowd::gather_readers(std::uint32_t mask) {
  std::size_t reads = 0;
  std::size_t width = 0;
  for (const Cell& cell : all()) {
    if (!is_plain_read(cell, mask)) continue;
    ++reads;
    width = std::max<std::size_t>(width, cell.slot + 1);
  }
  if (reads < kFewReads || width > reads * kSlotsPerRead + 64) return;
  more().reader_mask = mask;
  for (const Cell& cell : all()) {
    if (is_plain_read(cell, mask)) add_reader(cell);
  }
  erase_if([&](const Cell& cell) { return is_plain_read(cell, mask); });
}

void Crowd::clear_readers(std::uint32_t mask) {
  more_->reader_mask &= ~mask;
  if (more_->reader_mask != 0) return;
  reader_count_ = 0;
  more_->counts.clear();
  more_->origins.clear();
}

void Crowd::drop_known(std::span<const order::Count> known) {
  erase_if([&](const Cell& cell) { return is_over(cell, known); });
  if (reader_count_ == 0) return;
  std::vector<order::Count>& counts = more_->counts;
  for (order::Slot slot = 0; slot < counts.size(); ++slot) {
    if (counts[slot] == 0 || slot >= known.size() || known[slot] < counts[slot]) continue;
    counts[slot] = 0;
    --reader_count_;
  }
  if (reader_count_ == 0) clear_readers(more_->reader_mask);
}

void Crowd::clear(std::uint32_t mask) {
  for (Cell& cell : all()) cell.mask &= ~mask;
  erase_if([](const Cell& cell) { return cell.mask == 0; });
  if (reader_count_ != 0) clear_readers(mask);
}

void Crowd::add_epochs(order::EpochSet& epochs) const {
  for (const Cell& cell : cells()) epochs.add({cell.slot, cell.count});
  if (reader_count_ == 0) return;
  for (order::Slot slot = 0; slot < more_->counts.size(); ++slot) {
    if (more_->counts[slot] != 0) epochs.add({slot, more_->counts[slot]});
  }
}

}  // namespace raddle::detect
