// SPDX-License-Identifier: Apache-2.0
// Memory on which the program says that races are meant to be.
#pragma once

#include <cstdint>
#include <map>

namespace raddle::detect {

class BenignRanges {
 public:
  void add(std::uint64_t address, std::uint64_t bytes) { ends_[address] = address + bytes; }
  // The memory is another object's from now on.
  void forget(std::uint64_t address, std::uint64_t bytes) {
    if (!ends_.empty()) ends_.erase(ends_.lower_bound(address), ends_.lower_bound(address + bytes));
  }
  bool contains(std::uint64_t address) const {
    auto after = ends_.upper_bound(address);
    return after != ends_.begin() && address < (--after)->second;
  }

 private:
  std::map<std::uint64_t, std::uint64_t> ends_;  // by the address where they begin
};

}  // namespace raddle::detect
