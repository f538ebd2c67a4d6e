// SPDX-License-Identifier: Apache-2.0
// Findings from races.
#include <algorithm>

#include "analyzer/detect/data_race.h"

namespace raddle::detect {

using order::Epoch;
using order::Order;

namespace {

bool is_write(const Cell& cell) {
  return cell.access_kind() == AccessKind::kWrite ||
         cell.access_kind() == AccessKind::kAtomicWrite || cell.access_kind() == AccessKind::kFree;
}

std::string size_text(std::uint32_t size_bytes) {
  if (size_bytes == 0) return "a range";
  return std::to_string(size_bytes) + (size_bytes == 1 ? " byte" : " bytes");
}

std::string action_of(const Cell& cell, std::uint32_t size_bytes) {
  const std::string size = size_text(size_bytes);
  switch (cell.access_kind()) {
    case AccessKind::kAtomicRead:
      return "reads " + size + " atomically";
    case AccessKind::kAtomicWrite:
      return "writes " + size + " atomically";
    case AccessKind::kRead:
      return "reads " + size;
    case AccessKind::kWrite:
      return "writes " + size;
    case AccessKind::kFree:
      return "frees the block";
  }
  return {};
}

// The object that a common lock could have been, or why there was none.
std::string lock_hint(const Finding& finding, const Run& run) {
  const auto other_holds = [&](const Party& party, const Party& other) -> std::string {
    if (party.held.empty() || !other.held.empty()) return {};
    return "hold " + object_text(run, party.held.back().object) + " in " +
           task_text(run, other.task) + " too";
  };
  std::string hint = other_holds(finding.parties[0], finding.parties[1]);
  if (hint.empty()) hint = other_holds(finding.parties[1], finding.parties[0]);
  if (!hint.empty()) return hint;
  return "guard both accesses with one mutex, make them atomic, or order them with a channel or a "
         "join";
}

std::string why_unordered(const Finding& finding, const Run& run) {
  const auto common = [&](const Held& a) {
    for (const Held& b : finding.parties[1].held) {
      if (a.object == b.object && a.is_shared && b.is_shared) return true;
    }
    return false;
  };
  for (const Held& held : finding.parties[0].held) {
    if (!common(held)) continue;
    return "both hold " + object_text(run, held.object) +
           " only for reading, which orders nothing between them";
  }
  return "nothing orders them: no lock that both hold, no channel, join or atomic in between";
}

void tell(Finding& finding, const Run& run, bool is_mixed_atomic) {
  std::string name = finding.parties[0].object_text;
  if (name.empty()) name = finding.parties[1].object_text;
  for (Party& party : finding.parties) {
    const std::string& own = party.object_text.empty() ? name : party.object_text;
    party.object_text = (own.empty() ? "" : own + " ") + "at " + address_text(party.address);
  }
  if (finding.kind == FindingKind::kHeapUseAfterFree) {
    finding.title = name.empty() ? "use of freed memory" : "use of " + name + " in freed memory";
    finding.hint = "free the block only when no task can use it any more";
    return;
  }
  const std::uint32_t shared_bytes =
      std::min(finding.parties[0].size_bytes, finding.parties[1].size_bytes);
  finding.title = "data race on " + (name.empty() ? size_text(shared_bytes) : name);
  finding.why = why_unordered(finding, run);
  finding.hint = is_mixed_atomic
                     ? "make both accesses atomic: an atomic access and a plain one still race"
                     : lock_hint(finding, run);
}

Epoch epoch_of(const Cell& cell) { return {cell.slot, cell.count}; }

Party party_of(const Cell& cell, const Race& race, const Places& places, const Order& order) {
  const Place& place = places[cell.origin];
  const order::EpochRecord& record = order.record_of(epoch_of(cell));
  Party party;
  party.task = record.task;
  party.action = action_of(cell, place.size_bytes);
  party.address = race.conflict.address;
  party.size_bytes = place.size_bytes;
  party.is_write = is_write(cell);
  party.stack = place.stack;
  party.time_ns = record.begin_ns;
  party.held = held_of(order.held_in(epoch_of(cell)));
  return party;
}

Draft draft_of(const Race& race, const Places& places, const Order& order) {
  const Cell& earlier = race.conflict.earlier;
  const Cell& later = race.conflict.later;
  Draft draft;
  Finding& finding = draft.finding;
  finding.kind = race.is_free() ? FindingKind::kHeapUseAfterFree : FindingKind::kDataRace;
  finding.certainty = Certainty::kCertain;
  finding.parties = {party_of(earlier, race, places, order), party_of(later, race, places, order)};
  finding.parties[1].time_ns = std::max(finding.parties[1].time_ns, race.last_ns);
  finding.last_common_ns = order.last_common_ns(epoch_of(earlier), race.task, race.known);
  draft.sites = {places[earlier.origin].site, places[later.origin].site};
  const bool is_atomic[] = {finding.parties[0].action.ends_with("atomically"),
                            finding.parties[1].action.ends_with("atomically")};
  // Their sizes differ; the C++ library does so on purpose.
  draft.is_void_in_library = is_atomic[0] && is_atomic[1];
  if (race.is_free()) {
    finding.why = race.known >= earlier.count
                      ? "the block was freed before, and not allocated again"
                      : "nothing orders the free and the other access";
  }
  const bool is_mixed_atomic = is_atomic[0] != is_atomic[1];
  draft.tell = [is_mixed_atomic](Finding& f, const Run& run) { tell(f, run, is_mixed_atomic); };
  return draft;
}

}  // namespace

void report_races(const std::vector<Race>& races, const Places& places, const Order& order,
                  Findings& findings) {
  for (const Race& race : races) {
    if (findings.is_new(race.key(), race.count)) findings.add(draft_of(race, places, order));
  }
}

}  // namespace raddle::detect
