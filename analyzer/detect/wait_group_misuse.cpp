// SPDX-License-Identifier: Apache-2.0
// wait-group-misuse: negative counter, reuse before a wait returned, and an add from zero that
// nothing orders with a wait.
#include <unordered_map>
#include <vector>

#include "analyzer/detect/detectors.h"

namespace raddle::detect {

namespace {

using order::Epoch;
using order::ObjectNumber;
using order::Order;
using trace::Effect;
using trace::Event;
using trace::Misuse;

struct Use {
  Epoch epoch;
  Party party;
};
struct Group {
  std::vector<Use> adds;   // from zero: the latest of each slot
  std::vector<Use> waits;  // their beginnings
  bool is_reported = false;
};

class WaitGroupMisuse final : public Detector {
 public:
  bool wants(Effect effect) const override {
    return effect == Effect::kCounts || effect == Effect::kWaits || effect == Effect::kAcquires ||
           effect == Effect::kMisuses || effect == Effect::kDestroys;
  }
  void see(const Event& event, const Order& order, Findings& findings) override;

 private:
  static void remember(std::vector<Use>& uses, const Event& event, const Order& order);
  void compare(const std::vector<Use>& others, const Event& event, const Order& order,
               Findings& findings);
  void see_misuse(const Event& event, const Order& order, Findings& findings);
  std::unordered_map<ObjectNumber, Group> groups_;
};

void WaitGroupMisuse::see(const Event& event, const Order& order, Findings& findings) {
  if (trace::object_type_of(event.kind) != trace::ObjectType::kWaitGroup) return;
  if (order.object() == 0 || event.task == 0) return;
  switch (trace::effect_of(event.kind)) {
    case Effect::kCounts: {
      if (event.index != 1) return;
      Group& group = groups_[order.object()];
      compare(group.waits, event, order, findings);
      return remember(group.adds, event, order);
    }
    case Effect::kWaits:
    case Effect::kAcquires: {  // before Order takes it in: what the task knew when its wait began
      Group& group = groups_[order.object()];
      compare(group.adds, event, order, findings);
      return remember(group.waits, event, order);
    }
    case Effect::kMisuses:
      return see_misuse(event, order, findings);
    case Effect::kDestroys:
      groups_.erase(order.object());
      return;
    default:  // done() is ordered with wait() by the counter itself
      return;
  }
}

void WaitGroupMisuse::remember(std::vector<Use>& uses, const Event& event, const Order& order) {
  const Epoch epoch = order.epoch_of(event.task);
  std::erase_if(uses, [&](const Use& use) {
    return use.epoch.slot == epoch.slot || order.is_before(use.epoch, event.task);
  });
  uses.push_back({epoch, party_of(event, order)});
}

void WaitGroupMisuse::compare(const std::vector<Use>& others, const Event& event,
                              const Order& order, Findings& findings) {
  Group& group = groups_[order.object()];
  for (const Use& other : others) {
    if (group.is_reported || order.is_before(other.epoch, event.task)) continue;
    group.is_reported = true;
    if (!findings.is_new(
            key_of(FindingKind::kWaitGroupMisuse, event.stack, other.party.stack, 1000))) {
      continue;
    }
    Draft draft;
    draft.finding.kind = FindingKind::kWaitGroupMisuse;
    draft.finding.certainty = Certainty::kCertain;
    draft.finding.parties = {party_of(event, order), other.party};
    draft.finding.is_unordered = true;
    draft.tell = [](Finding& f, const Run& run) {
      f.title = "add to " + object_text(run, f.parties[0].object) + " is not ordered with a wait";
      f.why = "in another schedule the wait returns before the add";
      f.hint = "add before the task is spawned, not in it";
    };
    findings.add(std::move(draft));
  }
}

void WaitGroupMisuse::see_misuse(const Event& event, const Order& order, Findings& findings) {
  const auto misuse = static_cast<Misuse>(event.index);
  groups_[order.object()].is_reported = true;
  if (!findings.is_new(key_of(FindingKind::kWaitGroupMisuse, event.stack, event.index))) return;
  Draft draft;
  draft.finding.kind = FindingKind::kWaitGroupMisuse;
  draft.finding.certainty = Certainty::kCertain;
  draft.finding.parties = {party_of(event, order)};
  const bool is_negative = misuse == Misuse::kNegativeCounter;
  draft.finding.parties[0].action = is_negative ? "is done too often with" : "adds too early to";
  draft.tell = [is_negative](Finding& f, const Run& run) {
    const std::string name = object_text(run, f.parties[0].object);
    f.title =
        is_negative ? "negative counter of " + name : "reuse of " + name + " before wait returned";
    f.why = is_negative ? "done() was called more often than add() allowed"
                        : "a waiter of the last round has not returned yet";
    f.hint = is_negative ? "call done() once for each add(1)"
                         : "add for a new round only after every wait of the last has returned";
  };
  findings.add(std::move(draft));
}

}  // namespace

std::unique_ptr<Detector> make_wait_group_misuse() { return std::make_unique<WaitGroupMisuse>(); }

}  // namespace raddle::detect
