// SPDX-License-Identifier: Apache-2.0
// context-leak: a context whose cancel was given up, and that nothing had ended when the run did:
// Go's lost cancel.
#include <map>

#include "analyzer/detect/detectors.h"

namespace raddle::detect {

namespace {

using order::ObjectNumber;
using order::Order;
using trace::Effect;
using trace::Event;
using trace::ObjectType;

class ContextLeak final : public Detector {
 public:
  bool wants(Effect effect) const override {
    return effect == Effect::kPanics || effect == Effect::kReleases ||
           effect == Effect::kDestroys || effect == Effect::kCreates || effect == Effect::kNone;
  }
  void see(const Event& event, const Order& order, Findings&) override {
    const Effect effect = trace::effect_of(event.kind);
    if (effect == Effect::kPanics) has_panicked_ = true;
    if (trace::object_type_of(event.kind) != ObjectType::kContext) return;
    if (event.kind == trace::Kind::kContextForget) {
      forgotten_.try_emplace(order.object(), party_of(event, order));
    } else if (effect == Effect::kReleases || effect == Effect::kDestroys) {
      forgotten_.erase(order.object());  // it has ended after all, or nobody uses it any more
    } else if (effect == Effect::kCreates && event.index == 1) {
      with_deadline_.emplace(order.object(), true);
    }
  }

  void finish(const Order&, Findings& findings) override {
    if (has_panicked_) return;
    for (const auto& [object, party] : forgotten_) {
      if (!findings.is_new(key_of(FindingKind::kContextLeak, party.stack))) continue;
      Draft draft;
      draft.finding.kind = FindingKind::kContextLeak;
      draft.finding.certainty = Certainty::kCertain;
      draft.finding.parties = {party};
      draft.tell = [has_deadline = with_deadline_.contains(object)](Finding& f, const Run& run) {
        f.title = "the cancel of " + object_text(run, f.parties[0].object) + " is lost";
        f.why = has_deadline ? "nobody can end it before its deadline: until then its timer runs, "
                               "and what waits for it waits"
                             : "nobody can end it any more: what waits for it waits as long as its "
                               "parent lives";
        f.hint = "keep the cancel as long as the context is used: its destruction cancels";
      };
      findings.add(std::move(draft));
    }
  }

 private:
  std::map<ObjectNumber, Party> forgotten_;
  std::map<ObjectNumber, bool> with_deadline_;
  bool has_panicked_ = false;
};

}  // namespace

std::unique_ptr<Detector> make_context_leak() { return std::make_unique<ContextLeak>(); }

}  // namespace raddle::detect
