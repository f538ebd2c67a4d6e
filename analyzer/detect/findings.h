// SPDX-License-Identifier: Apache-2.0
// Where detectors put what they find.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/finding.h"
#include "analyzer/model/words.h"
#include "analyzer/order/flat_map.h"
#include "analyzer/order/order.h"
#include "trace/event.h"

namespace raddle::detect {

// A finding before the names of the run are known.
struct Draft {
  Finding finding;
  std::vector<trace::SiteId>
      sites;  // by party: where in Party::stack's callee an access was; 0: the stack says it
  trace::StringId text = 0;         // the first party's object_text, from the trace
  bool is_void_in_library = false;  // dropped if a party's innermost frame is a library's
  // Writes title, why, hint and texts of the parties once the run is complete; may be empty.
  std::function<void(Finding&, const Run&)> tell;
};

// What only the trace's owner can resolve, at the end.
struct Sources {
  std::function<StackId(trace::SiteId, StackId)>
      stack_of;  // the site, if any, on top of its callers; filled in
  // What is accessed there, "counter", or empty.
  std::function<std::string(trace::SiteId, StackId)> variable_of;
  std::function<std::string(trace::StringId)> string_of;
};

class Findings {
 public:
  // Counts so many more sights of the finding with this key. True: it is new, and add() must
  // follow. Equal keys are equal findings; unequal ones may still turn out to be equal by
  // fingerprint.
  bool is_new(std::uint64_t key, std::uint64_t times = 1);
  void add(Draft draft) { drafts_.push_back(std::move(draft)); }

  bool is_empty() const { return drafts_.empty(); }
  std::size_t draft_count() const { return drafts_.size(); }

  // Tasks that some finding explains already: they are reported no second time.
  void explain(TaskId task);
  bool is_explained(TaskId task) const;
  bool has_explained() const { return !explained_.empty(); }  // any task

  // Resolves stacks and texts, merges by fingerprint, sorts and numbers.
  std::vector<Finding> finish(const Sources& sources, Run& run);

 private:
  static bool is_void(const Draft& draft, const Run& run);
  static void resolve(Draft& draft, const Sources& sources);

  std::vector<Draft> drafts_;
  std::vector<std::uint64_t> counts_;  // by draft
  order::FlatMap keys_;                // → index into drafts_
  std::vector<bool> explained_;
};

// Mixes numbers into a key.
std::uint64_t key_of(FindingKind kind, std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0);

// What is held now, as a party says it.
std::vector<Held> held_of(const std::vector<order::Holding>& holdings);
// The party that `event` makes of its task.
Party party_of(const trace::Event& event, const order::Order& order);

}  // namespace raddle::detect
