// SPDX-License-Identifier: Apache-2.0
// panic: an exception left a task or main, or a signal ended the program.
#include <set>

#include "analyzer/detect/detectors.h"

namespace raddle::detect {

namespace {

using order::Order;
using trace::Effect;
using trace::Event;

// What a task still does while an exception unwinds it.
bool is_unwinding(Effect effect) {
  return effect == Effect::kGives || effect == Effect::kGivesShared ||
         effect == Effect::kReleases || effect == Effect::kGivesPermits ||
         effect == Effect::kFrees || effect == Effect::kAllocates || effect == Effect::kDestroys ||
         effect == Effect::kAtomicReads || effect == Effect::kAtomicUpdates ||
         effect == Effect::kNone;
}

class Panic final : public Detector {
 public:
  bool wants(Effect effect) const override { return !is_of_worker(effect); }
  bool can_find(const Kinds& kinds) const override {
    static const Kinds kPanics =
        kinds_where([](trace::Kind kind) { return trace::effect_of(kind) == Effect::kPanics; });
    return (kinds & kPanics).any();
  }
  void see(const Event& event, const Order& order, Findings& findings) override {
    const Effect effect = trace::effect_of(event.kind);
    if (effect == Effect::kMisuses) {
      misusers_.insert(event.task);
      return;
    }
    if (effect != Effect::kPanics) {
      if (!misusers_.empty() && !is_unwinding(effect)) misusers_.erase(event.task);
      return;
    }
    const bool is_first = panicked_.empty();
    panicked_.insert(event.task);
    // The misuse that threw is reported already; abort() is how an exception's panic ends.
    if (!is_first || misusers_.contains(event.task)) return;
    if (!findings.is_new(key_of(FindingKind::kPanic, event.stack, event.object))) return;
    Draft draft;
    draft.finding.kind = FindingKind::kPanic;
    draft.finding.certainty = Certainty::kCertain;
    draft.finding.parties = {party_of(event, order)};
    draft.text = static_cast<trace::StringId>(event.object);
    const bool is_signal = event.index != 0;
    draft.tell = [is_signal](Finding& f, const Run& run) {
      std::string& message = f.parties[0].object_text;
      const bool has_exception = message.find("without an active exception") == std::string::npos;
      if (!has_exception) message.erase(0, message.find("terminate"));
      f.title =
          "panic in " + task_text(run, f.parties[0].task) + (message.empty() ? "" : ": " + message);
      if (!message.empty()) f.parties[0].action = "panics with";
      if (!has_exception) {
        f.why =
            "std::terminate was called without an exception, as a std::thread's destructor does";
        f.hint = "join or detach each std::thread before it is destroyed, or use std::jthread";
        return;
      }
      if (is_signal && message.ends_with("()")) {  // of the allocator
        f.why = "a signal ended the program inside the allocator";
        f.hint =
            "its data may be damaged: by a second free, which is then a finding of its own, or by "
            "a write beyond the end of a block, which AddressSanitizer finds";
        return;
      }
      if (is_signal && message.starts_with("stack overflow")) {
        f.why = "the calls under way and their variables need more than its stack has";
        f.hint =
            "bound the recursion, keep large variables on the heap, or ask for a larger stack: "
            "TaskOptions::stack_bytes, pthread_attr_setstacksize(), for main ulimit -s";
        return;
      }
      f.why = is_signal ? "a signal ended the program" : "an exception left the task uncaught";
      f.hint = is_signal ? "" : "catch it in the task, or hand it over with spawn() and get()";
    };
    findings.add(std::move(draft));
  }

 private:
  std::set<TaskId> misusers_;  // whose last event of note was a misuse
  std::set<TaskId> panicked_;
};

}  // namespace

std::unique_ptr<Detector> make_panic() { return std::make_unique<Panic>(); }

}  // namespace raddle::detect
