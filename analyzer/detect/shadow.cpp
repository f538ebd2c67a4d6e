// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/shadow.h"

#include <algorithm>
#include <bit>

namespace raddle::detect {

using order::VectorClock;

namespace {

constexpr std::uint32_t bit(AccessKind kind) { return 1u << static_cast<unsigned>(kind); }

// By the kind of the later access: which earlier ones it conflicts with, and stands for.
constexpr std::array<std::uint32_t, 5> kConflicts = {
    bit(AccessKind::kWrite) | bit(AccessKind::kFree),
    bit(AccessKind::kWrite) | bit(AccessKind::kAtomicWrite) | bit(AccessKind::kFree),
    bit(AccessKind::kWrite) | bit(AccessKind::kRead) | bit(AccessKind::kFree),
    0x1f,
    0x1f,
};
constexpr std::array<std::uint32_t, 5> kStandsFor = {
    bit(AccessKind::kAtomicRead),
    bit(AccessKind::kAtomicRead) | bit(AccessKind::kRead),
    bit(AccessKind::kAtomicRead) | bit(AccessKind::kAtomicWrite),
    0x0f,
    0x1f,
};

bool is_atomic(std::uint32_t kind) {
  return kind == static_cast<std::uint32_t>(AccessKind::kAtomicRead) ||
         kind == static_cast<std::uint32_t>(AccessKind::kAtomicWrite);
}

bool is_in(std::uint32_t kind, std::uint32_t set) { return (set >> kind & 1) != 0; }

bool conflicts_by_kind(const Cell& earlier, const Cell& later) {
  if (is_in(earlier.kind, kConflicts[later.kind])) return true;
  if (!is_atomic(earlier.kind) || !is_atomic(later.kind)) return false;
  const bool both_read = earlier.access_kind() == AccessKind::kAtomicRead &&
                         later.access_kind() == AccessKind::kAtomicRead;
  return !both_read && earlier.mask != later.mask;  // atomics of different sizes do race
}

}  // namespace

Shadow::Region* Shadow::find_region(std::uint64_t number) {
  Recent& recent = recent_[number % kRecent];
  if (recent.number == number) return recent.region;
  const std::uint32_t* index = region_numbers_.find(number);
  if (index == nullptr) return nullptr;
  recent = {number, regions_[*index - 1].get()};
  return recent.region;
}

Shadow::Region& Shadow::region(std::uint64_t number) {
  if (Region* found = find_region(number)) return *found;
  regions_.push_back(std::make_unique<Region>());
  region_numbers_.at(number) = static_cast<std::uint32_t>(regions_.size());
  return *regions_.back();
}

void Shadow::access(std::uint64_t address, std::uint64_t bytes, Cell access,
                    const VectorClock& known, std::vector<Conflict>& conflicts) {
  const std::uint64_t end = address + bytes;
  if (bytes <= 8 && (address >> kGranuleBits) == ((end - 1) >> kGranuleBits)) {
    access.mask = ((1u << bytes) - 1) << (address & 7);
    Page& page = region(address >> kRegionBits).pages[(address >> kPageBits) % kPages];
    if (!page.granules) split(page);
    access_granule(page.granules[(address >> kGranuleBits) % kGranules], address, access, known,
                   conflicts);
    return;
  }
  constexpr std::uint64_t kPageBytes = std::uint64_t{1} << kPageBits;
  while (address < end) {
    const std::uint64_t page_end = (address | (kPageBytes - 1)) + 1;
    if (page_end <= end && page_end - address == kPageBytes) {
      Page& page = region(address >> kRegionBits).pages[(address >> kPageBits) % kPages];
      access_page(page, address, access, known, conflicts);
    } else {
      access_part(address, std::min(end, page_end) - address, access, known, conflicts);
    }
    address = std::min(end, page_end);
  }
}

// Part of one page.
void Shadow::access_part(std::uint64_t address, std::uint64_t bytes, const Cell& access,
                         const VectorClock& known, std::vector<Conflict>& conflicts) {
  Page& page = region(address >> kRegionBits).pages[(address >> kPageBits) % kPages];
  if (!page.granules) split(page);
  const std::uint64_t end = address + bytes;
  Cell cell = access;
  while (address < end) {
    const std::uint64_t next = std::min(end, (address | 7) + 1);
    cell.mask = ((1u << (next - address)) - 1) << (address & 7);
    access_granule(page.granules[(address >> kGranuleBits) % kGranules], address, cell, known,
                   conflicts);
    address = next;
  }
}

void Shadow::access_page(Page& page, std::uint64_t address, const Cell& access,
                         const VectorClock& known, std::vector<Conflict>& conflicts) {
  Cell cell = access;
  cell.mask = 0xff;
  if (!page.granules) {
    access_granule(page.uniform, address, cell, known, conflicts);
    return;
  }
  for (std::size_t i = 0; i < kGranules; ++i) {
    access_granule(page.granules[i], address + i * 8, cell, known, conflicts);
  }
  if (access.access_kind() >= AccessKind::kWrite) make_uniform(page);
}

void Shadow::access_granule(Granule& granule, std::uint64_t address, const Cell& access,
                            const VectorClock& known, std::vector<Conflict>& conflicts) {
  Cell& first = granule.cells[0];
  Cell& second = granule.cells[1];
  if (first.mask == 0 && second.mask == 0) {
    first = access;
    return;
  }
  // The two most common cases: seen already in this epoch, or alone here before.
  const bool is_same_slot = first.slot == access.slot && first.access_kind() != AccessKind::kFree;
  if (is_same_slot && (first.mask & access.mask) == access.mask) {
    if (first.count == access.count && is_in(access.kind, kStandsFor[first.kind])) return;
    if (second.mask == 0 && first.mask == access.mask &&
        is_in(first.kind, kStandsFor[access.kind])) {
      first = access;
      return;
    }
  }
  if (second.mask != 0 && second.slot == kManySlot) {
    access_many(granule, address, access, known, conflicts);
    return;
  }
  const bool adds = meet_cells(granule.cells, address, access, known, conflicts);
  if (first.mask == 0) std::swap(first, second);
  if (!adds) return;
  if (first.mask != 0 && second.mask != 0) {
    scratch_.assign({second, first, access});
    set_cells(granule, scratch_);
    return;
  }
  if (first.mask != 0) second = first;
  first = access;
}

// Checks `access` against each cell and trims what it stands for. Whether it needs a cell itself.
bool Shadow::meet_cells(std::span<Cell> cells, std::uint64_t address, const Cell& access,
                        const VectorClock& known, std::vector<Conflict>& conflicts) {
  bool is_freed = false;
  bool is_covered = false;
  for (Cell& cell : cells) {
    const std::uint32_t shared = cell.mask & access.mask;
    if (shared == 0) continue;
    const bool is_before = cell.slot == access.slot || known.at(cell.slot) >= cell.count;
    const bool is_after_free = cell.access_kind() == AccessKind::kFree;
    const bool is_conflict = is_after_free || (!is_before && conflicts_by_kind(cell, access));
    if (is_conflict) {
      const auto offset = static_cast<std::uint64_t>(std::countr_zero(shared));
      conflicts.push_back({cell, access, (address & ~std::uint64_t{7}) + offset});
    }
    is_freed |= is_after_free;
    const bool both_atomic = is_atomic(cell.kind) && is_atomic(access.kind);
    if ((is_before || (is_conflict && !both_atomic)) && is_in(cell.kind, kStandsFor[access.kind])) {
      // An atomic's cell stays whole or goes: its mask is its size, which later atomics must have.
      if (!is_atomic(cell.kind) || shared == cell.mask) cell.mask &= ~access.mask;
    } else if (cell.slot == access.slot && cell.count == access.count &&
               (cell.mask & access.mask) == access.mask &&
               is_in(access.kind, kStandsFor[cell.kind])) {
      is_covered = true;
    }
  }
  return !is_covered && (!is_freed || access.access_kind() == AccessKind::kFree);
}

void Shadow::access_many(Granule& granule, std::uint64_t address, const Cell& access,
                         const VectorClock& known, std::vector<Conflict>& conflicts) {
  std::vector<Cell>& cells = scratch_;
  get_cells(granule, cells);
  const bool adds = meet_cells(cells, address, access, known, conflicts);
  std::erase_if(cells, [](const Cell& cell) { return cell.mask == 0; });
  if (adds) cells.push_back(access);
  set_cells(granule, cells);
}

void Shadow::get_cells(const Granule& granule, std::vector<Cell>& cells) const {
  cells.clear();
  if (granule.cells[0].mask != 0) cells.push_back(granule.cells[0]);
  if (granule.cells[1].mask == 0) return;
  if (granule.cells[1].slot != kManySlot) {
    cells.push_back(granule.cells[1]);
    return;
  }
  const std::vector<Cell>& more = many_[granule.cells[1].count];
  cells.insert(cells.end(), more.begin(), more.end());
}

// The newest cell comes first: it is the likeliest to be met again.
void Shadow::set_cells(Granule& granule, const std::vector<Cell>& cells) {
  Cell& first = granule.cells[0];
  Cell& second = granule.cells[1];
  const bool has_many = second.mask != 0 && second.slot == kManySlot;
  first = cells.empty() ? Cell{} : cells.back();
  if (cells.size() <= 2) {
    if (has_many) free_many(granule);
    second = cells.size() == 2 ? cells.front() : Cell{};
    return;
  }
  if (!has_many) {
    second = {};
    second.slot = kManySlot;
    second.mask = 0xff;
    if (free_many_.empty()) {
      second.count = static_cast<order::Count>(many_.size());
      many_.emplace_back();
    } else {
      second.count = free_many_.back();
      free_many_.pop_back();
    }
  }
  many_[second.count].assign(cells.begin(), cells.end() - 1);
}

void Shadow::free_many(Granule& granule) {
  many_[granule.cells[1].count].clear();
  free_many_.push_back(granule.cells[1].count);
  granule.cells[1] = {};
}

void Shadow::split(Page& page) {
  page.granules = std::make_unique<Granule[]>(kGranules);
  ++page_count_;
  if (page.uniform.cells[0].mask == 0) return;
  std::vector<Cell> cells;
  get_cells(page.uniform, cells);
  for (std::size_t i = 0; i < kGranules; ++i) set_cells(page.granules[i], cells);
  clear_mask(page.uniform, 0xff);
}

// After a write to all of the page its granules are alike, unless one was freed.
void Shadow::make_uniform(Page& page) {
  Granule* granules = page.granules.get();
  for (std::size_t i = 0; i < kGranules; ++i) {
    if (granules[i].cells[1].mask != 0) return;
    if (granules[i].cells[0].access_kind() != granules[0].cells[0].access_kind()) return;
    if (granules[i].cells[0].mask != 0xff) return;
  }
  page.uniform = granules[0];
  page.granules.reset();
  --page_count_;
}

void Shadow::clear_mask(Granule& granule, std::uint32_t mask) {
  std::vector<Cell>& cells = scratch_;
  get_cells(granule, cells);
  for (Cell& cell : cells) cell.mask &= ~mask;
  std::erase_if(cells, [](const Cell& cell) { return cell.mask == 0; });
  set_cells(granule, cells);
}

void Shadow::reset_page(Page& page, std::uint64_t address, std::uint64_t bytes) {
  const bool is_whole = bytes == (std::uint64_t{1} << kPageBits);
  if (!page.granules) {
    if (page.uniform.cells[0].mask == 0) return;
    if (!is_whole) split(page);
  }
  if (is_whole) {
    if (page.granules) {
      for (std::size_t i = 0; i < kGranules; ++i) clear_mask(page.granules[i], 0xff);
      page.granules.reset();
      --page_count_;
    }
    clear_mask(page.uniform, 0xff);
    return;
  }
  const std::uint64_t end = address + bytes;
  while (address < end) {
    const std::uint64_t next = std::min(end, (address | 7) + 1);
    const std::uint32_t mask = ((1u << (next - address)) - 1) << (address & 7);
    Granule& granule = page.granules[(address >> kGranuleBits) % kGranules];
    if (granule.cells[0].mask != 0) clear_mask(granule, mask);
    address = next;
  }
}

void Shadow::reset(std::uint64_t address, std::uint64_t bytes) {
  const std::uint64_t end = address + bytes;
  while (address < end) {
    Region* found = find_region(address >> kRegionBits);
    const unsigned bits = found == nullptr ? kRegionBits : kPageBits;
    const std::uint64_t next = std::min(end, ((address >> bits) + 1) << bits);
    if (found != nullptr) {
      reset_page(found->pages[(address >> kPageBits) % kPages], address, next - address);
    }
    address = next;
  }
}

}  // namespace raddle::detect
