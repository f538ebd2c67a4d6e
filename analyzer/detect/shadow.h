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
#include <span>
#include <vector>

#include "analyzer/order/clock.h"
#include "analyzer/order/flat_map.h"

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

// Two accesses that conflict and are not ordered; or `later` uses memory that `earlier` freed.
struct Conflict {
  Cell earlier;
  Cell later;
  std::uint64_t address = 0;  // of the first byte they share
};

class Shadow {
 public:
  // Checks an access to [address, address + bytes) and remembers it. `access` says all but the
  // mask; `known` is what its task knows. Appends what it conflicts with to `conflicts`, at most
  // one pair for each cell met.
  void access(std::uint64_t address, std::uint64_t bytes, Cell access,
              const order::VectorClock& known, std::vector<Conflict>& conflicts);
  // Brings what access() will need into the cache: first the page's entry, later the granule.
  void prefetch_page(std::uint64_t address) {
    if (const Region* found = find_region(address >> kRegionBits)) {
      __builtin_prefetch(&found->pages[(address >> kPageBits) % kPages]);
    }
  }
  void prefetch_granule(std::uint64_t address) {
    const Region* found = find_region(address >> kRegionBits);
    if (found == nullptr) return;
    const Granule* granules = found->pages[(address >> kPageBits) % kPages].granules.get();
    if (granules != nullptr)
      __builtin_prefetch(granules + (address >> kGranuleBits) % kGranules, 1);
  }
  // Forgets all about the range.
  void reset(std::uint64_t address, std::uint64_t bytes);

  std::uint64_t page_count() const { return page_count_; }

 private:
  static constexpr unsigned kGranuleBits = 3;
  static constexpr unsigned kPageBits = 10;
  static constexpr unsigned kRegionBits = 20;
  static constexpr std::size_t kGranules = std::size_t{1} << (kPageBits - kGranuleBits);
  static constexpr std::size_t kPages = std::size_t{1} << (kRegionBits - kPageBits);
  static constexpr std::size_t kRecent = 64;

  // Two cells, or one and, if the second's slot is kManySlot, `count` as index into many_.
  struct Granule {
    std::array<Cell, 2> cells;
  };
  struct Page {
    Granule uniform;                      // of all granules, while `granules` is null
    std::unique_ptr<Granule[]> granules;  // kGranules of them
  };
  struct Region {
    std::array<Page, kPages> pages;
  };
  static constexpr std::uint32_t kManySlot = (1u << 21) - 1;

  Region* find_region(std::uint64_t number);
  Region& region(std::uint64_t number);
  void access_part(std::uint64_t address, std::uint64_t bytes, const Cell& access,
                   const order::VectorClock& known, std::vector<Conflict>& conflicts);
  void access_page(Page& page, std::uint64_t address, const Cell& access,
                   const order::VectorClock& known, std::vector<Conflict>& conflicts);
  void access_granule(Granule& granule, std::uint64_t address, const Cell& access,
                      const order::VectorClock& known, std::vector<Conflict>& conflicts);
  void access_many(Granule& granule, std::uint64_t address, const Cell& access,
                   const order::VectorClock& known, std::vector<Conflict>& conflicts);
  static bool meet_cells(std::span<Cell> cells, std::uint64_t address, const Cell& access,
                         const order::VectorClock& known, std::vector<Conflict>& conflicts);
  void set_cells(Granule& granule, const std::vector<Cell>& cells);
  void get_cells(const Granule& granule, std::vector<Cell>& cells) const;
  void free_many(Granule& granule);
  void clear_mask(Granule& granule, std::uint32_t mask);
  void split(Page& page);
  void make_uniform(Page& page);
  void reset_page(Page& page, std::uint64_t address, std::uint64_t bytes);

  order::FlatMap region_numbers_;  // address >> kRegionBits → 1 + index into regions_
  std::vector<std::unique_ptr<Region>> regions_;
  struct Recent {
    std::uint64_t number = ~std::uint64_t{0};
    Region* region = nullptr;
  };
  std::array<Recent, kRecent> recent_;
  std::vector<std::vector<Cell>> many_;  // more cells than a granule has room for
  std::vector<std::uint32_t> free_many_;
  std::vector<Cell> scratch_;
  std::uint64_t page_count_ = 0;
};

}  // namespace raddle::detect
