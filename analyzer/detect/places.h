// SPDX-License-Identifier: Apache-2.0
// Numbers for the places in the program that accesses come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
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

// Any thread may ask.
class Places {
 public:
  Origin number_of(const Place& place);
  Place operator[](Origin origin) const;
  std::vector<Place> all() const;  // by number
  // As new, with the memory that it has.
  void begin_again();

 private:
  mutable std::mutex mutex_;
  order::FlatMap newest_;  // site and stack → 1 + the latest of them in places_
  std::vector<Place> places_;
  std::vector<std::uint32_t> next_;  // same site and stack, other size
};

// The latest that a thread has asked for, which take it no time: most are asked for often.
class RecentPlaces {
 public:
  // All of which are asked for through it: `places` outlives it.
  explicit RecentPlaces(Places& places) : places_(&places) {}

  Origin number_of(const Place& place) {
    const Recent& recent = recent_[slot_of(place)];
    return recent.place == place && recent.origin != kNone ? recent.origin : look_up(place);
  }
  // Places have begun again.
  void begin_again() { recent_.assign(recent_.size(), {}); }

 private:
  static constexpr Origin kNone = ~Origin{0};
  struct Recent {
    Place place;
    Origin origin = kNone;
  };
  static constexpr std::size_t kFewRecent = 64;
  static constexpr std::size_t kMostRecent = 4096;

  std::size_t slot_of(const Place& place) const {
    return (place.site + place.stack * 0x9e37'79b1u) & (recent_.size() - 1);
  }
  Origin look_up(const Place& place);

  Places* places_;
  std::vector<Recent> recent_ =
      std::vector<Recent>(kFewRecent);  // by a hash; a power of two of them, by how many there are
};

}  // namespace raddle::detect
