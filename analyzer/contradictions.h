// SPDX-License-Identifier: Apache-2.0
// Events that cannot have happened after those before them: damage that no checksum shows, or
// records that a killed run has lost.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "analyzer/model/run.h"
#include "analyzer/order/order.h"
#include "trace/event.h"

namespace raddle {

class Contradictions {
 public:
  // Of each event, before `order` takes it in, with the order's object.
  void see(const trace::Event& event, const order::Order& order) {
    const trace::Effect effect = trace::effect_of(event.kind);
    if (order.object() != 0 && concerns(effect)) look(event, effect, order);
  }
  // Adds to the run's damage what was seen; names must be known.
  void tell(Run& run) const;

 private:
  struct Contradiction {
    trace::Event event;
    order::ObjectNumber object = 0;
  };

  static bool concerns(trace::Effect effect) {
    return effect == trace::Effect::kGives || effect == trace::Effect::kGivesShared ||
           effect == trace::Effect::kSends || effect == trace::Effect::kExchanges ||
           effect == trace::Effect::kMisuses;
  }
  void look(const trace::Event& event, trace::Effect effect, const order::Order& order);
  void add(const trace::Event& event, order::ObjectNumber object);

  std::vector<std::uint64_t> sent_;                  // values, by channel
  std::unordered_set<order::ObjectNumber> misused_;  // that is the program's fault
  std::vector<Contradiction> first_;
  std::uint64_t count_ = 0;
};

}  // namespace raddle
