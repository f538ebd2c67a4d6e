// SPDX-License-Identifier: Apache-2.0
// Numbers for the places in the program that accesses come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analyzer/detect/cell.h"
#include "analyzer/order/flat_map.h"
#include "trace/event.h"

namespace raddle::detect {

struct Place {
  trace::SiteId site = 0;
  trace::StackId stack = 0;
  std::uint32_t size_bytes = 0;  // 0: a range, whose size differs from time to time
  bool operator==(const Place&) const = default;
};

class Places {
 public:
  Origin number_of(const Place& place) {
    const Recent& recent = recent_[slot_of(place)];
    return recent.place == place && recent.origin != ~Origin{0} ? recent.origin : look_up(place);
  }
  // As new, with the memory that it has.
  void begin_again();
  const Place& operator[](Origin origin) const { return places_[origin]; }
  const std::vector<Place>& all() const { return places_; }  // by number

 private:
  std::size_t slot_of(const Place& place) const {
    return (place.site + place.stack * 0x9e37'79b1u) & (recent_.size() - 1);
  }
  Origin look_up(const Place& place);
  Origin find(const Place& place);

  order::FlatMap newest_;  // site and stack → 1 + the latest of them in places_
  std::vector<Place> places_;
  std::vector<std::uint32_t> next_;  // same site and stack, other size
  struct Recent {                    // of the latest lookups, by a hash
    Place place;
    Origin origin = ~Origin{0};
  };
  static constexpr std::size_t kFewRecent = 64;
  static constexpr std::size_t kMostRecent = 4096;
  std::vector<Recent> recent_ =
      std::vector<Recent>(kFewRecent);  // a power of two of them, by how many places there are
};

}  // namespace raddle::detect
