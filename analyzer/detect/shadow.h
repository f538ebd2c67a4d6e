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
#include <cstring>
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
  // Two cells; or, if the first's slot is kSlotLimit, its `count` is an index into crowds_.
  struct Granule {
    std::array<Cell, 2> cells;
    bool is_crowd() const { return cells[0].slot == kSlotLimit; }
    bool operator==(const Granule& other) const {
      return std::memcmp(this, &other, sizeof *this) == 0;
    }
  };

  // The granule of the address, on its way into the cache; it may be one that is yet empty. For
  // access_found(), and until memory is reset or a range is accessed.
  Granule& find(std::uint64_t address) {
    Granule& granule = granule_at(address);
    __builtin_prefetch(&granule, 1);
    return granule;
  }
  // Brings what is remembered elsewhere into the cache, too.
  void prefetch_crowd(const Granule& granule) const {
    if (granule.is_crowd()) __builtin_prefetch(&crowds_[granule.cells[0].count], 1);
  }
  // access_plain() where the granule of the address is known.
  [[gnu::always_inline]] void access_found(Granule& granule, std::uint64_t address,
                                           std::uint64_t bytes, AccessKind kind, CellHead epoch,
                                           Origin origin, const order::VectorClock& known,
                                           Conflicts& conflicts) {
    const std::uint64_t offset = address & 7;
    if (bytes + offset > 8) [[unlikely]] {
      return access_few(address, bytes, epoch.with(kind, 0), origin, known, conflicts);
    }
    const CellHead access = epoch.with(kind, ((1u << bytes) - 1) << offset);
    if (access_alike(granule, access, origin, known.array())) [[likely]]
      return;
    access_slowly(granule, address, access, origin, known, conflicts);
  }
  // Brings what is remembered of the address into the cache.
  void prefetch(std::uint64_t address) {
    const RecentPage& recent = recent_pages_[(address >> kPageBits) % kRecentPages];
    // A number, as there may be no granules: a branch would cost more than a fetch in vain.
    const std::size_t offset = (address >> kGranuleBits) % kGranules * sizeof(Granule);
    const auto granule = reinterpret_cast<std::uintptr_t>(recent.granules) + offset;
    __builtin_prefetch(reinterpret_cast<const void*>(granule), 1);
  }

  // Checks an access to [address, address + bytes) and remembers it. `access` says all but the
  // mask; `known` is what its task knows. Appends what it conflicts with to `conflicts`, at most
  // one pair for each cell met.
  void access(std::uint64_t address, std::uint64_t bytes, const Cell& access,
              const order::VectorClock& known, Conflicts& conflicts);
  // The same of a plain access to few bytes by a task whose clock is an array, which says no less
  // of the task's own slot than the access does.
  [[gnu::always_inline]] void access_plain(std::uint64_t address, std::uint64_t bytes,
                                           AccessKind kind, CellHead epoch, Origin origin,
                                           const order::VectorClock& known, Conflicts& conflicts) {
    access_found(granule_at(address), address, bytes, kind, epoch, origin, known, conflicts);
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

  // What an access has made of a granule, and makes of each like it.
  struct Change {
    Granule before, after;
    bool is_known = false;
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
  [[gnu::noinline]] void access_few(std::uint64_t address, std::uint64_t bytes, CellHead access,
                                    Origin origin, const order::VectorClock& known,
                                    Conflicts& conflicts);
  static bool access_alike(Granule& granule, CellHead access, Origin origin,
                           std::span<const order::Count> known);
  static bool access_quickly(Granule& granule, CellHead access, Origin origin,
                             std::span<const order::Count> known);
  [[gnu::noinline]] void access_slowly(Granule& granule, std::uint64_t address, CellHead access,
                                       Origin origin, const order::VectorClock& known,
                                       Conflicts& conflicts);
  void access_granule(Granule& granule, std::uint64_t address, const Cell& access,
                      const order::VectorClock& known, Conflicts& conflicts);

  Region* find_other_region(std::uint64_t number);
  Page& page_at(std::uint64_t address);
  Granule* granules_of(std::uint64_t page_number);  // made if there are none
  void access_range(std::uint64_t address, std::uint64_t bytes, const Cell& access,
                    const order::VectorClock& known, Conflicts& conflicts);
  void access_part(std::uint64_t address, std::uint64_t bytes, const Cell& access,
                   const order::VectorClock& known, Conflicts& conflicts);
  void access_next(Granule& granule, std::uint64_t address, const Cell& access, Change& change,
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

// What nearly all accesses of nearly all programs meet: nothing, accesses to just their bytes, all
// of them before this one, or what is more of it. False: it is not so, and nothing was done.
[[gnu::always_inline]] inline bool Shadow::access_alike(Granule& granule, CellHead access,
                                                        Origin origin,
                                                        std::span<const order::Count> known) {
  constexpr std::uint64_t kAlike = CellHead::kMask | CellHead::kPlain;
  Cell& first = granule.cells[0];
  Cell& second = granule.cells[1];
  const CellHead one = CellHead::of(first);
  const CellHead two = CellHead::of(second);
  const std::uint64_t by_one = one.word ^ access.word;
  const std::uint64_t by_two = two.word ^ access.word;
  const bool has_second = two.mask() != 0;
  const auto is_now = [](std::uint64_t by) { return (by & CellHead::kEpoch) == 0; };
  if (is_now(by_one) || is_now(by_two)) {
    // No weaker, and to all of the bytes: it needs no cell.
    const auto stands = [&](CellHead cell, std::uint64_t by) {
      return is_now(by) && (by & CellHead::kPlain) == 0 && (access.mask() & ~cell.mask()) == 0 &&
             (cell.is_write() || !access.is_write());
    };
    if (stands(one, by_one)) return (two.mask() & access.mask()) == 0;
    if (stands(two, by_two)) return (one.mask() & access.mask()) == 0;
    if ((by_one & ~CellHead::kMask) == 0 && first.origin == origin && one.mask() != 0) {
      if ((two.mask() & access.mask()) != 0) {
        if ((by_two & CellHead::kPlain) != 0 || !two.is_before(known) || is_now(by_two))
          return false;
        if (access.is_write() || !two.is_write()) {
          second.mask &= ~access.mask();
          if (second.mask == 0) second = {};
        }
      }
      first.mask |= access.mask() & 0xff;
      return true;
    }
    if (is_now(by_two)) return false;
  }
  if ((by_one & kAlike) != 0) {
    if (one.mask() != 0 || has_second) return false;
    access.put(first, origin);
    return true;
  }
  if (!one.is_before(known)) return false;
  if (has_second && ((by_two & kAlike) != 0 || !two.is_before(known))) return false;
  const bool replaces_second = has_second && (access.is_write() || !two.is_write());
  if (!access.is_write() && one.is_write()) {
    if (has_second && !replaces_second) return false;  // a read stands for neither
    second = first;
  } else if (replaces_second) {
    second = {};
  }
  access.put(first, origin);
  return true;
}

}  // namespace raddle::detect
