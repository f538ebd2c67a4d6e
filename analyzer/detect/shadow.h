// SPDX-License-Identifier: Apache-2.0
// What is remembered of each byte of memory: the accesses that a later one may still race with.
//
// Memory is cut into granules of 8 bytes; a cell is one access to some bytes of a granule. A cell
// goes when an access that is at least as strong, and after it (or racing with it: that is
// reported already), covers its bytes: whatever races with the old one then races with the new one.
// Strength: plain write > atomic write > atomic read, plain write > plain read > atomic read; an
// atomic write does not stand for a plain read or write, with which other atomics race.
// A page whose granules are all alike keeps one granule for all of them, so that large ranges stay
// cheap.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "analyzer/detect/cell.h"
#include "analyzer/detect/crowd.h"
#include "analyzer/detect/outcome.h"
#include "analyzer/order/clock.h"
#include "analyzer/order/epoch_set.h"
#include "analyzer/order/flat_map.h"

namespace raddle::detect {

class Shadow {
 public:
  // Brings what is remembered of the address into the cache.
  void prefetch(std::uint64_t address) {
    const RecentPage& recent = recent_pages_[(address >> kPageBits) % kRecentPages];
    // A number, as there may be no granules: a branch would cost more than a fetch in vain.
    const std::size_t offset = (address >> kGranuleBits) % kGranules * sizeof(Granule);
    const auto granule = reinterpret_cast<std::uintptr_t>(recent.granules) + offset;
    __builtin_prefetch(reinterpret_cast<const void*>(granule), 1);
  }

  // The same of what is remembered elsewhere, once that is there.
  void prefetch_crowd(std::uint64_t address) {
    const std::uint64_t number = address >> kPageBits;
    const RecentPage& recent = recent_pages_[number % kRecentPages];
    if (recent.number != number) return;
    const Granule& granule = recent.granules[(address >> kGranuleBits) % kGranules];
    if (granule.is_crowd()) __builtin_prefetch(&crowds_[granule.cells[0].count], 1);
  }

  // Checks an access to [address, address + bytes) and remembers it. `access` says all but the
  // mask; `known` is what its task knows. Appends what it conflicts with to `conflicts`, at most
  // one pair for each cell met.
  void access(std::uint64_t address, std::uint64_t bytes, const Cell& access,
              const order::VectorClock& known, Conflicts& conflicts);
  // The same of a plain access to few bytes by a task whose clock is an array.
  [[gnu::always_inline]] void access_plain(std::uint64_t address, std::uint64_t bytes,
                                           AccessKind kind, CellHead epoch, Origin origin,
                                           const order::VectorClock& known, Conflicts& conflicts) {
    const std::uint64_t offset = address & 7;
    if (bytes + offset <= 8) [[likely]] {
      const std::uint64_t mask = ((1u << bytes) - 1) << offset;
      return access_plain(address, epoch.with(kind, mask), origin, known, conflicts);
    }
    for_each_granule(address, bytes, [&](std::uint64_t part, std::uint64_t mask) {
      access_plain(part, epoch.with(kind, mask), origin, known, conflicts);
    });
  }
  static constexpr std::uint64_t kFewBytes = 64;
  // Whether the byte belongs to a block that was freed, and to no newer one.
  bool is_freed(std::uint64_t address);
  // Forgets all about the range.
  void reset(std::uint64_t address, std::uint64_t bytes);

  // Forgets accesses that are before all that can still happen. `known`: Order::known_by_all(),
  // when all accesses until then have been checked.
  void drop_known(std::span<const order::Count> known);
  // Forgets all, and keeps the memory if it is not much.
  void begin_again();

  std::uint64_t page_count() const { return page_count_; }
  // Those of all accesses that are remembered.
  void add_epochs(order::EpochSet& epochs) const;

 private:
  static constexpr unsigned kGranuleBits = 3;
  static constexpr unsigned kPageBits = 10;
  static constexpr unsigned kRegionBits = 16;
  static constexpr std::size_t kGranules = std::size_t{1} << (kPageBits - kGranuleBits);
  static constexpr std::size_t kPages = std::size_t{1} << (kRegionBits - kPageBits);
  static constexpr std::size_t kRecentRegions = 512;
  static constexpr std::size_t kRecentPages = 8192;

  // Two cells; or, if the first's slot is kSlotLimit, its `count` is an index into crowds_.
  struct Granule {
    std::array<Cell, 2> cells;
    bool is_crowd() const { return cells[0].slot == kSlotLimit; }
  };
  struct Page {
    Granule uniform;                      // of all granules, while `granules` is null
    std::unique_ptr<Granule[]> granules;  // kGranules of them
  };
  struct Region {
    std::uint64_t number = 0;  // address >> kRegionBits
    std::array<Page, kPages> pages;
    std::array<std::uint64_t, kPages / 64> touched{};  // a bit a page: the others are as new
  };
  // Of the latest lookups, by the low bits of the numbers. Most programs have all of their memory
  // in these regions, and what they work on in these pages.
  struct RecentRegion {
    std::uint64_t number = ~std::uint64_t{0};
    Region* region = nullptr;
  };
  struct RecentPage {
    std::uint64_t number = ~std::uint64_t{0};  // address >> kPageBits
    Granule* granules = nullptr;
  };

  // Calls touch() with the first byte of the stretch in each granule, and the mask of all of them
  // there.
  template <typename F>
  [[gnu::always_inline]] static void for_each_granule(std::uint64_t address, std::uint64_t bytes,
                                                      F&& touch) {
    const std::uint64_t end = address + bytes;
    while (address < end) {
      const std::uint64_t next = std::min(end, (address | 7) + 1);
      touch(address, std::uint64_t{((1u << (next - address)) - 1) << (address & 7)});
      address = next;
    }
  }
  Region* find_region(std::uint64_t address) {
    const std::uint64_t number = address >> kRegionBits;
    const RecentRegion& recent = recent_regions_[number % kRecentRegions];
    return recent.number == number ? recent.region : find_other_region(number);
  }
  Granule& granule_at(std::uint64_t address) {
    const std::uint64_t number = address >> kPageBits;
    const RecentPage& recent = recent_pages_[number % kRecentPages];
    Granule* granules = recent.number == number ? recent.granules : granules_of(number);
    return granules[(address >> kGranuleBits) % kGranules];
  }
  [[gnu::always_inline]] void access_plain(std::uint64_t address, CellHead access, Origin origin,
                                           const order::VectorClock& known, Conflicts& conflicts) {
    Granule& granule = granule_at(address);
    const std::span<const order::Count> counts = known.array();
    if (!access_quickly(granule, access, origin, counts.data(), counts.size())) [[unlikely]] {
      access_slowly(granule, address, access, origin, known, conflicts);
    }
  }
  // False: what the access meets needs a closer look, or it needs a third cell.
  static bool access_quickly(Granule& granule, CellHead access, Origin origin,
                             const order::Count* counts, std::size_t slots);
  void access_slowly(Granule& granule, std::uint64_t address, CellHead access, Origin origin,
                     const order::VectorClock& known, Conflicts& conflicts);
  void access_granule(Granule& granule, std::uint64_t address, const Cell& access,
                      const order::VectorClock& known, Conflicts& conflicts);

  Region* find_other_region(std::uint64_t number);
  Page& page_at(std::uint64_t address);
  Granule* granules_of(std::uint64_t page_number);  // made if there are none
  void access_range(std::uint64_t address, std::uint64_t bytes, const Cell& access,
                    const order::VectorClock& known, Conflicts& conflicts);
  void access_part(std::uint64_t address, std::uint64_t bytes, const Cell& access,
                   const order::VectorClock& known, Conflicts& conflicts);
  void access_page(Page& page, std::uint64_t address, const Cell& access,
                   const order::VectorClock& known, Conflicts& conflicts);
  static void add_epochs(const Granule& granule, order::EpochSet& epochs);
  std::uint32_t new_crowd(Crowd crowd);
  void leave_crowd(Granule& granule);
  void drop_known(Granule& granule, std::span<const order::Count> known);
  void clear_mask(Granule& granule, std::uint32_t mask);
  void split(Page& page);
  void make_uniform(Page& page, std::uint64_t address);
  void drop_granules(Page& page, std::uint64_t address);
  static void clear(Page& page);
  void reset_in_region(Region& region, std::uint64_t address, std::uint64_t bytes);
  void reset_page(Page& page, std::uint64_t address, std::uint64_t bytes);

  std::array<RecentRegion, kRecentRegions> recent_regions_;
  std::array<RecentPage, kRecentPages> recent_pages_;
  std::vector<std::unique_ptr<Region>> regions_;
  order::FlatMap numbers_;  // address >> kRegionBits → index into regions_
  // A stack that is used again and again is forgotten as often, with all of its pages.
  static constexpr std::size_t kMostSpare = 64;
  std::vector<std::unique_ptr<Granule[]>> spare_granules_;
  std::vector<Crowd> crowds_;
  std::vector<std::uint32_t> free_crowds_;
  std::uint64_t page_count_ = 0;
};

[[gnu::always_inline]] inline bool Shadow::access_quickly(Granule& granule, CellHead access,
                                                          Origin origin, const order::Count* counts,
                                                          std::size_t slots) {
  Cell& first = granule.cells[0];
  Cell& second = granule.cells[1];
  const unsigned one = outcome_of(CellHead::of(first), access, counts, slots);
  const unsigned two = outcome_of(CellHead::of(second), access, counts, slots);
  const unsigned both = one | two;
  if ((both & kHard) != 0) [[unlikely]]
    return false;
  if ((both & kTrimmed) != 0) [[unlikely]] {
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
  if ((both & kReplaced) == 0) [[unlikely]]
    return false;
  static constexpr Cell kNone;
  const Cell* kept = one != kReplaced ? &first : two != kReplaced ? &second : &kNone;
  second = *kept;
  access.put(first, origin);
  return true;
}

}  // namespace raddle::detect
