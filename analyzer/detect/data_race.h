// SPDX-License-Identifier: Apache-2.0
// data-race and heap-use-after-free: conflicting accesses that nothing orders.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analyzer/detect/findings.h"
#include "analyzer/detect/shadow.h"
#include "analyzer/order/flat_map.h"
#include "analyzer/order/order.h"
#include "trace/event.h"

namespace raddle::detect {

// Not a Detector: it sees every access, in batches, and atomic ones on both sides of Order::take.
class DataRace {
 public:
  // Accesses that `task` made since its last event. Order::note_accesses comes before.
  void accesses(trace::TaskId task, std::span<const trace::Access> batch, const order::Order& order,
                Findings& findings);
  // After Order::enter and before Order::take: frees, and the epoch of atomic accesses.
  void before(const trace::Event& event, const order::Order& order, Findings& findings);
  // After Order::take: an atomic load that acquires is itself after what it acquired.
  void after(const trace::Event& event, const order::Order& order, Findings& findings);

 private:
  struct Place {
    trace::SiteId site = 0;
    trace::StackId stack = 0;
    std::uint32_t size_bytes = 0;  // 0: a range, whose size differs from time to time
    bool operator==(const Place&) const = default;
  };

  Origin origin_of(const Place& place) {
    RecentPlace& recent =
        recent_places_[(place.site * 31 + place.stack * 0x9e37'79b1u) % recent_places_.size()];
    if (recent.place != place || recent.origin == ~Origin{0}) {
      recent = {place, find_origin(place)};
    }
    return recent.origin;
  }
  Origin find_origin(const Place& place);
  void report(const order::Order& order, trace::TaskId task, Findings& findings);
  void report(const Conflict& conflict, const order::Order& order, trace::TaskId task,
              Findings& findings);
  Party party_of(const Cell& cell, const Conflict& conflict, order::Epoch epoch,
                 const order::Order& order) const;

  Shadow shadow_;
  order::FlatMap origins_;  // site and stack → 1 + the latest of them in places_
  std::vector<Place> places_;
  struct RecentPlace {  // of the latest lookups, by a hash
    Place place;
    Origin origin = ~Origin{0};
  };
  std::array<RecentPlace, 1024> recent_places_;
  std::vector<std::uint32_t> next_place_;  // same site and stack, other size
  order::Epoch atomic_epoch_;
  std::vector<Conflict> conflicts_;
};

}  // namespace raddle::detect
