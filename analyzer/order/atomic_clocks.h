// SPDX-License-Identifier: Apache-2.0
// The clocks of atomic locations. Programs that count references have millions of them, most of
// which are soon gone.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "analyzer/order/clock.h"
#include "analyzer/order/flat_map.h"

namespace raddle::order {

// References hold until the location is retired.
class AtomicClocks {
 public:
  // The clock of the value at this address; empty if it is new.
  StampedClock& at(std::uint64_t address);
  // Null: nothing atomic has been there.
  const StampedClock* find(std::uint64_t address) const;
  // Calls f(clock) for each location.
  template <typename F>
  void for_each_clock(F f) const {
    for (const StampedClock& clock : clocks_) f(clock.clock());
  }
  // What is in [begin, begin + bytes) is gone.
  void retire_range(std::uint64_t begin, std::uint64_t bytes);

 private:
  using Number = std::uint32_t;  // index into clocks_
  struct Entry {
    std::uint32_t offset;  // in the page
    Number number;
  };
  using Page = std::vector<Entry>;  // the living, few
  static constexpr unsigned kPageBits = 9;
  static constexpr std::uint64_t kPageBytes = std::uint64_t{1} << kPageBits;

  void retire_in_page(std::uint64_t page, std::uint64_t begin, std::uint64_t end);

  FlatMap numbers_;  // address >> kPageBits → index into pages_
  std::vector<Page> pages_;
  std::vector<std::uint64_t> addresses_;  // of the pages, >> kPageBits
  std::deque<StampedClock> clocks_;
  std::vector<Number> free_;  // they keep their memory
};

}  // namespace raddle::order
