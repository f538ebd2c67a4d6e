// SPDX-License-Identifier: Apache-2.0
// livelock: all who could go on went round without end, until the policy ended the run. Who they
// were, they have said themselves, each in its turn; what each looked at next is where it is shown.
#include <map>

#include "analyzer/detect/detectors.h"

namespace raddle::detect {

namespace {

using order::Order;
using trace::Effect;
using trace::Event;

constexpr std::size_t kMostParties = 100;

void tell(Finding& finding, const Run& run) {
  const std::size_t count = finding.parties.size();
  finding.title = task_text(run, finding.parties[0].task);
  if (count > 1) {
    finding.title += count == 2 ? " and " + task_text(run, finding.parties[1].task)
                                : " and " + std::to_string(count - 1) + " others";
  }
  finding.title += count == 1 ? " goes round without end" : " go round without end";
  finding.why = "whoever could go on did so in turn, again and again, and nobody came to an end";
  finding.hint = "see what each of them waits for, and why who should let it go on does not";
}

class Livelock final : public Detector {
 public:
  bool wants(Effect effect) const override {
    return effect == Effect::kSpins || effect == Effect::kAtomicReads ||
           effect == Effect::kAtomicUpdates;
  }
  void see(const Event& event, const Order& order, Findings&) override {
    if (trace::effect_of(event.kind) == Effect::kSpins) {
      has_ended_run_ = has_ended_run_ || event.index != 0;
      if (parties_.size() < kMostParties) parties_.try_emplace(event.task, party_of(event, order));
    } else if (!parties_.empty()) {
      const auto party = parties_.find(event.task);
      if (party != parties_.end()) party->second = party_of(event, order);
    }
  }

  void finish(const Order&, Findings& findings) override {
    if (!has_ended_run_ || !findings.is_new(key_of(FindingKind::kLivelock, 0))) return;
    Draft draft;
    draft.finding.kind = FindingKind::kLivelock;
    draft.finding.certainty = Certainty::kSuspected;
    for (auto& [task, party] : parties_) draft.finding.parties.push_back(std::move(party));
    draft.tell = tell;
    findings.add(std::move(draft));
  }

 private:
  std::map<TaskId, Party> parties_;
  bool has_ended_run_ = false;
};

}  // namespace

std::unique_ptr<Detector> make_livelock() { return std::make_unique<Livelock>(); }

}  // namespace raddle::detect
