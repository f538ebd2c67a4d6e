// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/shadow.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

namespace raddle::detect {

using order::VectorClock;

bool Shadow::is_freed(std::uint64_t address) {
  const Region* region = find_region(address);
  if (region == nullptr) return false;
  const Page& page = region->pages[(address >> kPageBits) % kPages];
  const Granule& granule =
      page.granules ? page.granules[(address >> kGranuleBits) % kGranules] : page.uniform;
  const std::span<const Cell> cells = granule.is_crowd() ? crowds_[granule.cells[0].count].cells()
                                                         : std::span<const Cell>(granule.cells);
  return std::ranges::any_of(cells, [mask = 1u << (address & 7)](const Cell& cell) {
    return (cell.mask & mask) != 0 && cell.access_kind() == AccessKind::kFree;
  });
}

// Null: none yet.
Shadow::Region* Shadow::find_other_region(std::uint64_t number) {
  const std::uint32_t* known = numbers_.find(number);
  if (known == nullptr) return nullptr;
  Region* region = regions_[*known].get();
  recent_regions_[number % kRecentRegions] = {number, region};
  return region;
}

Shadow::Page& Shadow::page_at(std::uint64_t address) {
  Region* region = find_region(address);
  if (region == nullptr) {
    const std::uint64_t number = address >> kRegionBits;
    numbers_.at(number) = static_cast<std::uint32_t>(regions_.size());
    regions_.push_back(std::make_unique<Region>());
    regions_.back()->number = number;
    region = find_other_region(number);
  }
  const std::size_t index = (address >> kPageBits) % kPages;
  region->touched[index / 64] |= std::uint64_t{1} << (index % 64);
  return region->pages[index];
}

Shadow::Granule* Shadow::granules_of(std::uint64_t page_number) {
  Page& page = page_at(page_number << kPageBits);
  if (!page.granules) split(page);
  recent_pages_[page_number % kRecentPages] = {page_number, page.granules.get()};
  return page.granules.get();
}

void Shadow::access_range(std::uint64_t address, std::uint64_t bytes, const Cell& access,
                          const VectorClock& known, Conflicts& conflicts) {
  constexpr std::uint64_t kPageBytes = std::uint64_t{1} << kPageBits;
  const std::uint64_t end = address + bytes;
  while (address < end) {
    const std::uint64_t page_end = (address | (kPageBytes - 1)) + 1;
    if (page_end <= end && page_end - address == kPageBytes) {
      access_page(page_at(address), address, access, known, conflicts);
    } else {
      access_part(address, std::min(end, page_end) - address, access, known, conflicts);
    }
    address = std::min(end, page_end);
  }
}

// Part of one page. Most of its granules are like the ones before them.
void Shadow::access_part(std::uint64_t address, std::uint64_t bytes, const Cell& access,
                         const VectorClock& known, Conflicts& conflicts) {
  Granule* const granules = &granule_at(address & ~((std::uint64_t{1} << kPageBits) - 1));
  Change change;
  Cell cell = access;
  for_each_granule(address, bytes, [&](std::uint64_t part, std::uint64_t mask) {
    if (mask != cell.mask) change.is_known = false;
    cell.mask = mask & 0xff;
    Granule& granule = granules[(part >> kGranuleBits) % kGranules];
    if (change.is_known && granule == change.before) {
      granule = change.after;
    } else {
      access_next(granule, part, cell, change, known, conflicts);
    }
  });
}

void Shadow::access_next(Granule& granule, std::uint64_t address, const Cell& access,
                         Change& change, const VectorClock& known, Conflicts& conflicts) {
  const std::size_t met = conflicts.size();
  change.before = granule;
  const bool may_be_quick = is_plain(access) && known.is_array();
  if (!may_be_quick || !access_alike(granule, CellHead::of(access), access.origin, known.array())) {
    if (may_be_quick) {
      access_slowly(granule, address, CellHead::of(access), access.origin, known, conflicts);
    } else {
      access_granule(granule, address, access, known, conflicts);
    }
  }
  change.after = granule;
  change.is_known =
      conflicts.size() == met && !change.before.is_crowd() && !change.after.is_crowd();
}

void Shadow::access_page(Page& page, std::uint64_t address, const Cell& access,
                         const VectorClock& known, Conflicts& conflicts) {
  if (!page.granules) {
    Cell cell = access;
    cell.mask = 0xff;
    access_granule(page.uniform, address, cell, known, conflicts);
    return;
  }
  access_part(address, std::uint64_t{1} << kPageBits, access, known, conflicts);
  if (access.access_kind() >= AccessKind::kWrite) make_uniform(page, address);
}

void Shadow::access(std::uint64_t address, std::uint64_t bytes, const Cell& access,
                    const VectorClock& known, Conflicts& conflicts) {
  const std::uint64_t offset = address & 7;
  if (bytes + offset > 8) return access_range(address, bytes, access, known, conflicts);
  Cell cell = access;
  cell.mask = ((1u << bytes) - 1) << offset;
  access_granule(granule_at(address), address, cell, known, conflicts);
}

// Of several granules.
void Shadow::access_few(std::uint64_t address, std::uint64_t bytes, CellHead access, Origin origin,
                        const VectorClock& known, Conflicts& conflicts) {
  for_each_granule(address, bytes, [&](std::uint64_t part, std::uint64_t mask) {
    const CellHead head = {access.word | mask << 24};
    Granule& granule = granule_at(part);
    if (!access_alike(granule, head, origin, known.array())) {
      access_slowly(granule, part, head, origin, known, conflicts);
    }
  });
}

// False: what the plain access meets needs a closer look, or it needs a third cell.
bool Shadow::access_quickly(Granule& granule, CellHead access, Origin origin,
                            std::span<const order::Count> known) {
  Cell& first = granule.cells[0];
  Cell& second = granule.cells[1];
  const unsigned one = outcome_of(CellHead::of(first), access, known);
  const unsigned two = outcome_of(CellHead::of(second), access, known);
  const unsigned both = one | two;
  if ((both & kHard) != 0) return false;
  if ((both & kTrimmed) != 0) {
    if (one == kTrimmed) first.mask &= ~access.mask();
    if (two == kTrimmed) second.mask &= ~access.mask();
  }
  if (CellHead::of(first).is_like(access) && first.origin == origin && two != kStandsAlready) {
    if (two == kReplaced) second = {};
    first.mask |= access.mask() & 0xff;
    return true;
  }
  if ((both & kStandsAlready) != 0) {  // it needs no cell
    if (two == kReplaced) second = {};
    if (one == kReplaced) {
      first = second;
      second = {};
    }
    return true;
  }
  if ((both & kReplaced) == 0) return false;
  static constexpr Cell kNone;
  const Cell* kept = one != kReplaced ? &first : two != kReplaced ? &second : &kNone;
  second = *kept;
  access.put(first, origin);
  return true;
}

void Shadow::access_slowly(Granule& granule, std::uint64_t address, CellHead access, Origin origin,
                           const VectorClock& known, Conflicts& conflicts) {
  if (!granule.is_crowd()) {
    if (access_quickly(granule, access, origin, known.array())) return;
  } else {
    Crowd& crowd = crowds_[granule.cells[0].count];
    if (crowd.access_quickly(access, origin, known.array())) {
      if (crowd.is_small()) leave_crowd(granule);
      return;
    }
  }
  Cell cell;
  access.put(cell, origin);
  access_granule(granule, address, cell, known, conflicts);
}

void Shadow::access_granule(Granule& granule, std::uint64_t address, const Cell& access,
                            const VectorClock& known, Conflicts& conflicts) {
  if (granule.is_crowd()) {
    Crowd& crowd = crowds_[granule.cells[0].count];
    crowd.access(address, access, known, conflicts);
    if (crowd.is_small()) leave_crowd(granule);
    return;
  }
  Cell& first = granule.cells[0];
  Cell& second = granule.cells[1];
  const bool first_stands = meet(first, address, access, known, conflicts);
  const bool second_stands = meet(second, address, access, known, conflicts);
  if (first.mask == 0) std::swap(first, second);
  if (first_stands || second_stands) return;
  if (join(granule.cells, access)) return;
  if (first.mask != 0 && second.mask != 0) {
    const std::array<Cell, 3> cells = {second, first, access};
    Crowd crowd;
    crowd.assign(cells);
    first.slot = kSlotLimit;
    first.kind = 0;  // no plain access
    first.mask = 0xff;
    first.count = new_crowd(std::move(crowd));
    second = {};
    return;
  }
  if (first.mask != 0) second = first;
  first = access;
}

std::uint32_t Shadow::new_crowd(Crowd crowd) {
  if (free_crowds_.empty()) {
    crowds_.push_back(std::move(crowd));
    return static_cast<std::uint32_t>(crowds_.size() - 1);
  }
  const std::uint32_t index = free_crowds_.back();
  free_crowds_.pop_back();
  crowds_[index] = std::move(crowd);
  return index;
}

// The newest cell comes first: it is the likeliest to be met again.
void Shadow::leave_crowd(Granule& granule) {
  const std::uint32_t index = granule.cells[0].count;
  const std::span<const Cell> cells = crowds_[index].cells();
  granule.cells[0] = cells.empty() ? Cell{} : cells.back();
  granule.cells[1] = cells.size() == 2 ? cells.front() : Cell{};
  crowds_[index].assign({});
  free_crowds_.push_back(index);
}

void Shadow::split(Page& page) {
  if (spare_granules_.empty()) {
    page.granules = std::make_unique_for_overwrite<Granule[]>(kGranules);
  } else {
    page.granules = std::move(spare_granules_.back());
    spare_granules_.pop_back();
  }
  ++page_count_;
  std::fill_n(page.granules.get(), kGranules, Granule{});
  if (page.uniform.cells[0].mask == 0) return;
  const bool is_crowd = page.uniform.is_crowd();
  for (std::size_t i = 0; i < kGranules; ++i) {
    Granule& granule = page.granules[i];
    granule = page.uniform;
    if (is_crowd && i != 0) {  // the first keeps it
      granule.cells[0].count = new_crowd(crowds_[page.uniform.cells[0].count]);
    }
  }
  page.uniform = {};
}

// `address` is one of the page.
void Shadow::drop_granules(Page& page, std::uint64_t address) {
  RecentPage& recent = recent_pages_[(address >> kPageBits) % kRecentPages];
  if (recent.number == address >> kPageBits) recent = {};
  if (spare_granules_.size() < kMostSpare) spare_granules_.push_back(std::move(page.granules));
  page.granules.reset();
  --page_count_;
}

// After a write to all of the page its granules are alike, unless one was freed.
void Shadow::make_uniform(Page& page, std::uint64_t address) {
  Granule* granules = page.granules.get();
  for (std::size_t i = 0; i < kGranules; ++i) {
    if (granules[i].is_crowd() || granules[i].cells[1].mask != 0) return;
    if (granules[i].cells[0].access_kind() != granules[0].cells[0].access_kind()) return;
    if (granules[i].cells[0].mask != 0xff) return;
  }
  page.uniform = granules[0];
  drop_granules(page, address);
}

void Shadow::clear_mask(Granule& granule, std::uint32_t mask) {
  if (granule.is_crowd()) {
    Crowd& crowd = crowds_[granule.cells[0].count];
    crowd.clear(mask);
    if (crowd.is_small()) leave_crowd(granule);
    return;
  }
  for (Cell& cell : granule.cells) {
    cell.mask &= ~mask;
    if (cell.mask == 0) cell = {};
  }
  if (granule.cells[0].mask == 0) std::swap(granule.cells[0], granule.cells[1]);
}

void Shadow::reset_page(Page& page, std::uint64_t address, std::uint64_t bytes) {
  const bool is_whole = bytes == (std::uint64_t{1} << kPageBits);
  if (!page.granules) {
    if (page.uniform.cells[0].mask == 0) return;
    if (!is_whole) split(page);
  }
  if (is_whole) {
    if (page.granules) {
      const bool may_have_crowds = free_crowds_.size() != crowds_.size();
      for (std::size_t i = 0; may_have_crowds && i < kGranules; ++i) {
        clear_mask(page.granules[i], 0xff);
      }
      drop_granules(page, address);
    }
    clear_mask(page.uniform, 0xff);
    return;
  }
  for_each_granule(address, bytes, [&](std::uint64_t part, std::uint64_t mask) {
    Granule& granule = page.granules[(part >> kGranuleBits) % kGranules];
    if (mask == 0xff && !granule.is_crowd()) {
      granule = {};
    } else if (granule.cells[0].mask != 0) {
      clear_mask(granule, static_cast<std::uint32_t>(mask));
    }
  });
}

// Most of a stack that is given back was never touched.
void Shadow::reset_in_region(Region& region, std::uint64_t address, std::uint64_t bytes) {
  const std::uint64_t end = address + bytes;
  while (address < end) {
    const std::size_t index = (address >> kPageBits) % kPages;
    const std::uint64_t behind = region.touched[index / 64] >> (index % 64);
    if ((behind & 1) == 0) {
      const auto untouched = static_cast<std::uint64_t>(std::countr_zero(behind));
      const std::uint64_t pages = std::min<std::uint64_t>(untouched, 64 - index % 64);
      address = ((address >> kPageBits) + pages) << kPageBits;
      continue;
    }
    const std::uint64_t next = std::min(end, ((address >> kPageBits) + 1) << kPageBits);
    reset_page(region.pages[index], address, next - address);
    address = next;
  }
}

void Shadow::drop_known(Granule& granule, std::span<const order::Count> known) {
  if (granule.is_crowd()) {
    Crowd& crowd = crowds_[granule.cells[0].count];
    crowd.drop_known(known);
    if (crowd.is_small()) leave_crowd(granule);
    return;
  }
  for (Cell& cell : granule.cells) {
    if (cell.mask != 0 && is_over(cell, known)) cell = {};
  }
  if (granule.cells[0].mask == 0) std::swap(granule.cells[0], granule.cells[1]);
}

void Shadow::drop_known(std::span<const order::Count> known) {
  for (const std::unique_ptr<Region>& region : regions_) {
    for (std::size_t index = 0; index < kPages; ++index) {
      Page& page = region->pages[index];
      drop_known(page.uniform, known);
      if (!page.granules) continue;
      bool is_empty = true;
      for (std::size_t i = 0; i < kGranules; ++i) {
        drop_known(page.granules[i], known);
        is_empty = is_empty && page.granules[i].cells[0].mask == 0;
      }
      if (is_empty) drop_granules(page, region->number << kRegionBits | index << kPageBits);
    }
  }
}

// What lies at the same addresses in the next run finds its pages there, touched as they were.
void Shadow::begin_again() {
  constexpr std::uint64_t kMostPages = 256;
  if (page_count_ > kMostPages || regions_.size() > kMostPages) {
    *this = Shadow();
    return;
  }
  for (const std::unique_ptr<Region>& region : regions_) {
    for (std::size_t i = 0; i < kPages; ++i) {
      if ((region->touched[i / 64] >> (i % 64) & 1) != 0) clear(region->pages[i]);
    }
  }
  crowds_.clear();
  free_crowds_.clear();
}

void Shadow::clear(Page& page) {
  page.uniform = {};
  if (page.granules) std::fill_n(page.granules.get(), kGranules, Granule{});
}

void Shadow::add_epochs(const Granule& granule, order::EpochSet& epochs) {
  if (granule.is_crowd()) return;  // they are looked at by themselves
  for (const Cell& cell : granule.cells) {
    if (cell.mask != 0) epochs.add({cell.slot, cell.count});
  }
}

void Shadow::add_epochs(order::EpochSet& epochs) const {
  for (const std::unique_ptr<Region>& region : regions_) {
    for (const Page& page : region->pages) {
      if (page.granules == nullptr) {
        add_epochs(page.uniform, epochs);
        continue;
      }
      for (std::size_t i = 0; i < kGranules; ++i) add_epochs(page.granules[i], epochs);
    }
  }
  for (const Crowd& crowd : crowds_) crowd.add_epochs(epochs);
}

void Shadow::reset(std::uint64_t address, std::uint64_t bytes) {
  const std::uint64_t end = address + bytes;
  if (bytes >> kRegionBits > regions_.size()) {  // most of what is reserved is never touched
    for (const std::unique_ptr<Region>& region : regions_) {
      const std::uint64_t begin = std::max(address, region->number << kRegionBits);
      const std::uint64_t region_end = std::min(end, (region->number + 1) << kRegionBits);
      if (begin < region_end) reset_in_region(*region, begin, region_end - begin);
    }
    return;
  }
  while (address < end) {
    const std::uint64_t next = std::min(end, ((address >> kRegionBits) + 1) << kRegionBits);
    if (Region* found = find_region(address)) reset_in_region(*found, address, next - address);
    address = next;
  }
}

}  // namespace raddle::detect
