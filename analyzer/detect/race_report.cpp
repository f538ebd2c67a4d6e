// SPDX-License-Identifier: Apache-2.0
// Findings from races.
#include <algorithm>

#include "analyzer/detect/data_race.h"
#include "analyzer/detect/race_text.h"

namespace raddle::detect {

using order::Epoch;
using order::Order;

namespace {

bool is_write(const Cell& cell) {
  return cell.access_kind() == AccessKind::kWrite ||
         cell.access_kind() == AccessKind::kAtomicWrite || cell.access_kind() == AccessKind::kFree;
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

Epoch epoch_of(const Cell& cell) { return {cell.slot, cell.count}; }

Party party_of(const Cell& cell, const Race& race, const Places& places, const Order& order) {
  const Place place = places[cell.origin];
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

// The party that runs while the program ends, if the other one does not; -1: none.
int exiting_party(const Finding& finding, const ProgramEnd& end) {
  const auto exits = [&](const Party& party) {
    return end.task != 0 && party.task == end.task && party.time_ns >= end.time_ns;
  };
  if (exits(finding.parties[0]) == exits(finding.parties[1])) return -1;
  return exits(finding.parties[0]) ? 0 : 1;
}

void tell_last_common(Finding& finding, const order::LastCommon& last) {
  finding.last_common_ns = last.time_ns;
  if (last.task == 0 || last.time_ns < 0) return;
  Step& step = finding.last_common;
  step = {.task = last.task,
          .action = std::string(trace::verb_of(last.kind)),
          .stack = last.stack,
          .time_ns = last.time_ns};
  const bool is_about_task = trace::object_type_of(last.kind) == trace::ObjectType::kTask;
  (is_about_task ? step.peer : step.object) = last.about;
}

Draft draft_of(const Race& race, const Places& places, const Order& order, const ProgramEnd& end) {
  const Cell& earlier = race.conflict.earlier;
  const Cell& later = race.conflict.later;
  Draft draft;
  Finding& finding = draft.finding;
  finding.kind = race.conflict.is_free() ? FindingKind::kHeapUseAfterFree : FindingKind::kDataRace;
  finding.certainty = Certainty::kCertain;
  finding.parties = {party_of(earlier, race, places, order), party_of(later, race, places, order)};
  finding.parties[1].time_ns = std::max(finding.parties[1].time_ns, race.last_ns);
  tell_last_common(finding, order.last_common(epoch_of(earlier), race.task, race.known));
  draft.sites = {places[earlier.origin].site, places[later.origin].site};
  const bool is_atomic[] = {finding.parties[0].action.ends_with("atomically"),
                            finding.parties[1].action.ends_with("atomically")};
  // Their sizes differ; the C++ library does so on purpose.
  draft.is_void_in_library = is_atomic[0] && is_atomic[1];
  if (race.conflict.is_free() && race.known >= earlier.count) {
    finding.why = "the block was freed before, and not allocated again";
    finding.last_common_ns = -1;  // it is ordered all the same
    finding.last_common = {};
  } else if (race.conflict.is_free()) {
    finding.why = "nothing orders the free and the other access";
  }
  draft.tell = tell_race;
  if (const int exiting = exiting_party(finding, end); exiting >= 0) {
    draft.tell = [other = 1 - exiting](Finding& f, const Run& run) {
      tell_race(f, run);
      tell_exit(f, run, f.parties[static_cast<std::size_t>(other)].task);
    };
  }
  return draft;
}

}  // namespace

void report_races(const std::vector<Race>& races, const Places& places, const Order& order,
                  const ProgramEnd& end, Findings& findings) {
  for (const Race& race : races) {
    if (findings.is_new(race.key(), race.count)) findings.add(draft_of(race, places, order, end));
  }
}

}  // namespace raddle::detect
