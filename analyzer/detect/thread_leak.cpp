// SPDX-License-Identifier: Apache-2.0
// thread-leak: a joinable thread that nobody joined or detached when the run ended normally.
#include <set>

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
    std::set<TaskId> awaited;  // somebody is in the middle of joining them
    for (TaskId task = 1; task < order.task_limit(); ++task) {
      const TaskState& state = order.task(task);
      if (!state.wait ||
          trace::object_type_of(state.wait->event.kind) != trace::ObjectType::kTask) {
        continue;
      }
      awaited.insert(static_cast<TaskId>(state.wait->event.object));
    }
    for (TaskId task = 1; task < order.task_limit(); ++task) {
      const TaskState& state = order.task(task);
      if (!state.is_known || !state.is_thread() || state.is_worker() || !state.is_joinable())
        continue;
      if (state.created_ns < 0 || state.is_joined || state.is_detached) continue;
      if (awaited.contains(task) || findings.is_explained(task)) continue;
      report(task, state, findings);
    }
  }

 private:
  static void report(TaskId task, const TaskState& state, Findings& findings) {
    const std::uint64_t key =
        key_of(FindingKind::kThreadLeak, state.created_at, state.has_ended ? 1 : 0);
    if (!findings.is_new(key)) return;
    Draft draft;
    draft.finding.kind = FindingKind::kThreadLeak;
    draft.finding.certainty = state.has_ended ? Certainty::kProved : Certainty::kSuspected;
    Party party;
    party.task = task;
    party.action = "was created and never joined";
    party.stack = state.created_at;
    party.time_ns = state.created_ns;
    draft.finding.parties = {party};
    const bool has_ended = state.has_ended;
    draft.tell = [has_ended](Finding& f, const Run& run) {
      f.title = task_text(run, f.parties[0].task) + " is never joined or detached";
      f.why = has_ended
                  ? "it has ended, and its stack and result are kept for a join that never came"
                  : "it was still there when the program ended";
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
