// SPDX-License-Identifier: Apache-2.0
// thread-leak: a joinable thread that has ended, and that nobody had joined or detached when the
// run ended normally.
//
// A thread that is still alive then is no finding: pools that serve until the process ends are
// built so on purpose, and a program that forgets one looks the same.
#include "analyzer/detect/detectors.h"

namespace raddle::detect {

namespace {

using order::Order;
using order::TaskState;
using trace::Effect;
using trace::Event;

class ThreadLeak final : public Detector {
 public:
  bool wants(Effect effect) const override {
    return effect == Effect::kFinishes || effect == Effect::kPanics || effect == Effect::kHangs;
  }
  void see(const Event& event, const Order&, Findings&) override {
    const Effect effect = trace::effect_of(event.kind);
    if (effect == Effect::kFinishes) has_finished_ = true;
    if (effect == Effect::kPanics || effect == Effect::kHangs) has_failed_ = true;
  }

  void finish(const Order& order, Findings& findings) override {
    if (!has_finished_ || has_failed_) return;
    for (TaskId task = 1; task < order.task_limit(); ++task) {
      const TaskState& state = order.task(task);
      if (!state.is_known || !state.is_thread() || state.is_worker() || !state.is_joinable())
        continue;
      if (state.created_ns < 0 || state.is_joined || state.is_detached || !state.has_ended)
        continue;
      if (findings.is_explained(task)) continue;
      report(task, state, findings);
    }
  }

 private:
  static void report(TaskId task, const TaskState& state, Findings& findings) {
    if (!findings.is_new(key_of(FindingKind::kThreadLeak, state.created_at))) return;
    Draft draft;
    draft.finding.kind = FindingKind::kThreadLeak;
    draft.finding.certainty = Certainty::kProved;
    Party party;
    party.task = task;
    party.action = "was created and never joined";
    party.stack = state.created_at;
    party.time_ns = state.created_ns;
    draft.finding.parties = {party};
    draft.tell = [](Finding& f, const Run& run) {
      f.title = task_text(run, f.parties[0].task) + " is never joined or detached";
      f.why = "it has ended, and its stack and result are kept for a join that never came";
      f.hint = "join it, or detach it where nobody waits for it";
    };
    findings.add(std::move(draft));
  }

  bool has_finished_ = false;
  bool has_failed_ = false;
};

}  // namespace

std::unique_ptr<Detector> make_thread_leak() { return std::make_unique<ThreadLeak>(); }

}  // namespace raddle::detect
