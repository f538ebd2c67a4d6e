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

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "analyzer/detect/cell.h"
#include "analyzer/detect/crowd.h"
#include "analyzer/order/clock.h"
#include "analyzer/order/epoch_set.h"
#include "analyzer/order/flat_map.h"

namespace raddle::detect {

class Shadow {
  struct Granule;

 public:
  // Where an address's granule was found; good until the layout changes.
  class Place {
    friend class Shadow;
    Granule* granule_ = nullptr;
    std::uint64_t layout_ = 0;
  };
  // Finds the granule and brings it into the cache.
  Place prefetch(std::uint64_t address) {
    Place place;
    place.granule_ = find_granule(address);
    place.layout_ = layout_;
    if (place.granule_ != nullptr) __builtin_prefetch(place.granule_, 1);
    return place;
  }

  // Checks an access to [address, address + bytes) and remembers it. `access` says all but the
  // mask; `known` is what its task knows; `place` is what prefetch() returned for the address, or
  // empty. Appends what it conflicts with to `conflicts`, at most one pair for each cell met.
  void access(std::uint64_t address, std::uint64_t bytes, Cell access,
              const order::VectorClock& known, Conflicts& conflicts, const Place& place) {
    const std::uint64_t offset = address & 7;
    if (bytes + offset > 8) return access_range(address, bytes, access, known, conflicts);
    access.mask = ((1u << bytes) - 1) << offset;
    const bool is_found = place.granule_ != nullptr && place.layout_ == layout_;
    if (Granule* granule = is_found ? place.granule_ : find_granule(address)) [[likely]] {
      access_granule(*granule, address, access, known, conflicts);
    } else {
      access_granule(make_granule(address), address, access, known, conflicts);
    }
  }
  void access(std::uint64_t address, std::uint64_t bytes, const Cell& access,
              const order::VectorClock& known, Conflicts& conflicts) {
    this->access(address, bytes, access, known, conflicts, Place());
  }
  // Forgets all about the range.
  void reset(std::uint64_t address, std::uint64_t bytes);

  std::uint64_t page_count() const { return page_count_; }
  // Those of all accesses that are remembered.
  void add_epochs(order::EpochSet& epochs) const;

 private:
  static constexpr unsigned kGranuleBits = 3;
  static constexpr unsigned kPageBits = 10;
  static constexpr unsigned kRegionBits = 16;
  static constexpr std::size_t kGranules = std::size_t{1} << (kPageBits - kGranuleBits);
  static constexpr std::size_t kPages = std::size_t{1} << (kRegionBits - kPageBits);
  static constexpr std::size_t kRecent = 1024;

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
  // Of the latest lookups, by the low bits of the region's number: most programs have all of their
  // memory here.
  struct Recent {
    std::uint64_t number = ~std::uint64_t{0};
    Region* region = nullptr;
  };

  Region* find_region(std::uint64_t address) {
    const std::uint64_t number = address >> kRegionBits;
    const Recent& recent = recent_[number % kRecent];
    return recent.number == number ? recent.region : find_other_region(number);
  }
  Granule* find_granule(std::uint64_t address) {
    Region* region = find_region(address);
    if (region == nullptr) return nullptr;
    Granule* granules = region->pages[(address >> kPageBits) % kPages].granules.get();
    return granules == nullptr ? nullptr : granules + (address >> kGranuleBits) % kGranules;
  }
  // What becomes of a cell that an access meets.
  enum Outcome : std::uint8_t { kKept = 0, kReplaced = 1, kStandsAlready = 2, kHard = 4 };
  // Of a plain read or write that meets another, by the bits that outcome_of puts together. Most
  // programs need no more, and no branch here can be predicted.
  static constexpr std::array<Outcome, 64> make_outcomes();
  static const std::array<Outcome, 64> kOutcomes;
  static Outcome outcome_of(const Cell& cell, const Cell& access, const order::VectorClock& known);
  void access_granule(Granule& granule, std::uint64_t address, const Cell& access,
                      const order::VectorClock& known, Conflicts& conflicts);

  Region* find_other_region(std::uint64_t number);
  Page& page_at(std::uint64_t address);
  Granule& make_granule(std::uint64_t address);
  void access_range(std::uint64_t address, std::uint64_t bytes, const Cell& access,
                    const order::VectorClock& known, Conflicts& conflicts);
  void access_part(std::uint64_t address, std::uint64_t bytes, const Cell& access,
                   const order::VectorClock& known, Conflicts& conflicts);
  void access_page(Page& page, std::uint64_t address, const Cell& access,
                   const order::VectorClock& known, Conflicts& conflicts);
  void access_hard(Granule& granule, std::uint64_t address, const Cell& access,
                   const order::VectorClock& known, Conflicts& conflicts);
  static void add_epochs(const Granule& granule, order::EpochSet& epochs);
  std::uint32_t new_crowd(const Crowd& crowd);
  void leave_crowd(Granule& granule);
  void clear_mask(Granule& granule, std::uint32_t mask);
  void split(Page& page);
  void make_uniform(Page& page);
  void drop_granules(Page& page);
  void reset_in_region(Region& region, std::uint64_t address, std::uint64_t bytes);
  void reset_page(Page& page, std::uint64_t address, std::uint64_t bytes);

  std::array<Recent, kRecent> recent_;
  std::vector<std::unique_ptr<Region>> regions_;
  order::FlatMap numbers_;  // address >> kRegionBits → index into regions_
  std::vector<Crowd> crowds_;
  std::vector<std::uint32_t> free_crowds_;
  std::uint64_t page_count_ = 0;
  std::uint64_t layout_ = 0;  // another one when granules have gone
};

constexpr std::array<Shadow::Outcome, 64> Shadow::make_outcomes() {
  std::array<Outcome, 64> outcomes{};
  for (unsigned bits = 0; bits < outcomes.size(); ++bits) {
    const bool meets = (bits & 1) != 0;
    const bool is_covered = (bits & 2) != 0;
    const bool is_ordered = (bits & 4) != 0;
    const bool was_read = (bits & 8) != 0;
    const bool is_read = (bits & 16) != 0;
    const bool covers_now = (bits & 32) != 0;  // of the same epoch, and no byte less
    if (!meets) {
      outcomes[bits] = kKept;
    } else if (!is_ordered) {
      outcomes[bits] = was_read && is_read ? kKept : kHard;
    } else if (covers_now && (is_read || !was_read)) {
      outcomes[bits] = kStandsAlready;
    } else if (is_read && !was_read) {
      outcomes[bits] = kKept;
    } else {
      outcomes[bits] = is_covered ? kReplaced : kHard;
    }
  }
  return outcomes;
}
inline constexpr std::array<Shadow::Outcome, 64> Shadow::kOutcomes = Shadow::make_outcomes();

inline Shadow::Outcome Shadow::outcome_of(const Cell& cell, const Cell& access,
                                          const order::VectorClock& known) {
  const auto is = [](bool condition) { return static_cast<unsigned>(condition); };
  const unsigned is_own = is(cell.slot == access.slot);
  const unsigned bits =
      is((cell.mask & access.mask) != 0) | is((cell.mask & ~access.mask) == 0) << 1 |
      (is_own | is(known.at(cell.slot) >= cell.count)) << 2 |
      is(cell.access_kind() == AccessKind::kRead) << 3 |
      is(access.access_kind() == AccessKind::kRead) << 4 |
      (is_own & is(cell.count == access.count) & is((access.mask & ~cell.mask) == 0)) << 5;
  return kOutcomes[bits];
}

inline void Shadow::access_granule(Granule& granule, std::uint64_t address, const Cell& access,
                                   const order::VectorClock& known, Conflicts& conflicts) {
  Cell& first = granule.cells[0];
  Cell& second = granule.cells[1];
  if (first.mask == 0) {
    first = access;
    return;
  }
  const bool has_second = second.mask != 0;
  const unsigned second_kind = has_second ? second.kind : 1;
  if ((first.kind & second_kind & access.kind & 1) == 0) {  // a crowd, an atomic or a free
    return access_hard(granule, address, access, known, conflicts);
  }
  const Outcome one = outcome_of(first, access, known);
  const Outcome two = has_second ? outcome_of(second, access, known) : kReplaced;
  const unsigned both = one | two;
  if ((both & kHard) != 0 || both == kKept) {
    return access_hard(granule, address, access, known, conflicts);
  }
  static constexpr Cell kNone;
  if ((both & kStandsAlready) != 0) {  // it needs no cell
    if (two == kReplaced) second = kNone;
    if (one == kReplaced) {
      first = second;
      second = kNone;
    }
    return;
  }
  const Cell* kept = one == kKept ? &first : two == kKept ? &second : &kNone;
  second = *kept;
  first = access;
}

}  // namespace raddle::detect
