// SPDX-License-Identifier: Apache-2.0
// Numbers for the places in the program that accesses come from.
#pragma once

#include <array>
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
    Recent& recent = recent_[(place.site + place.stack * 0x9e37'79b1u) % recent_.size()];
    if (recent.place != place || recent.origin == ~Origin{0}) recent = {place, find(place)};
    return recent.origin;
  }
  const Place& operator[](Origin origin) const { return places_[origin]; }
  const std::vector<Place>& all() const { return places_; }  // by number

 private:
  Origin find(const Place& place);

  order::FlatMap newest_;  // site and stack → 1 + the latest of them in places_
  std::vector<Place> places_;
  std::vector<std::uint32_t> next_;  // same site and stack, other size
  struct Recent {                    // of the latest lookups, by a hash
    Place place;
    Origin origin = ~Origin{0};
  };
  std::array<Recent, 4096> recent_;
};

}  // namespace raddle::detect
