// SPDX-License-Identifier: Apache-2.0
// lost-wakeup: a task waits for ever on a condition, and the last notify came before it waited,
// when nobody did.
//
// That alone may be right: who tests what it waits for under the mutex sees what was done before.
// So one of two more things must be so: between the lock and the wait it looked at nothing, or
// whoever notified had not held the mutex since it notified the last time, so that the test and the
// notify may have come in any order, and nothing can move any more.
#include <algorithm>
#include <unordered_map>
#include <vector>

#include "analyzer/detect/detectors.h"
#include "analyzer/order/flat_map.h"
#include "analyzer/order/stable_vector.h"

namespace raddle::detect {

namespace {

using order::ObjectNumber;
using order::Order;
using order::TaskState;
using trace::Effect;
using trace::Event;
using trace::ObjectType;

// What a task has done with one mutex lately.
struct Section {
  std::uint64_t mutex = 0;
  std::uint64_t looks_at_lock = 0;
  std::uint32_t held_before_notify = ~0u;  // the number of the next notify when it was last taken
  bool is_known = false;                   // its lock was seen
  bool looked_at_nothing = false;          // in the section that ended last
};

struct StackRange {
  std::uint64_t low = 0, bytes = 0;
  bool contains(std::uint64_t address) const { return address - low < bytes; }
};

class LostWakeup final : public Detector {
 public:
  bool wants(Effect effect) const override { return !is_of_worker(effect); }
  bool can_find(const Kinds& kinds) const override {
    static const Kinds kOfConditions = kinds_where(
        [](trace::Kind kind) { return trace::object_type_of(kind) == ObjectType::kCond; });
    return (kinds & kOfConditions).any();
  }
  void see(const Event& event, const Order& order, Findings& findings) override;
  bool wants_accesses() const override { return true; }
  // Once it has looked at something, it has for all sections that it is in.
  bool wants_accesses_of(TaskId task) const override {
    const Task* known = find_task(task);
    return !has_accesses_ || (known != nullptr && !known->has_looked);
  }
  void see_accesses(TaskId task, std::span<const trace::Access> batch) override;
  void finish(const Order& order, Findings& findings) override;

 private:
  struct Notify {
    Party party;
    std::vector<std::uint64_t> mutexes;  // that it had held since its last one
    bool found_nobody = false;
  };
  struct Cond {
    std::vector<TaskId> waiting, notifiers;
    Notify last;
    bool was_notified = false;
  };
  struct Task {
    std::vector<Section> sections;
    order::FlatMap section_numbers;          // if they are many, by mutex: index into sections
    std::size_t recent = 0;                  // the latest of the sections
    std::vector<std::uint64_t> held_lately;  // mutexes, since its last notify
    std::uint32_t notifies = 0;
    StackRange stack;
    std::uint64_t looks = 0;  // at what may be shared: reads outside its stack, events
    bool has_looked = false;  // since it took a mutex, at memory
    bool waits_blindly = false;

    Section& section(std::uint64_t mutex);
    void hold(Section& section);
  };
  bool has_task(TaskId id) const { return id < task_numbers_.size() && task_numbers_[id] != 0; }
  const Task* find_task(TaskId id) const {
    return has_task(id) ? &tasks_[task_numbers_[id]] : nullptr;
  }
  Task* find_task(TaskId id) { return has_task(id) ? &tasks_[task_numbers_[id]] : nullptr; }
  Task& task_at(TaskId id);

  bool waits_blindly(TaskId task) {
    const Task* known = find_task(task);
    return known != nullptr && known->waits_blindly && has_accesses_;
  }
  static void see_mutex(const Event& event, Effect effect, Task& task);
  void see_stack(const Event& event, Effect effect, const Order& order);
  void see_notify(const Event& event, const Order& order, Task& task);
  void report(TaskId task, const Cond& cond, const Order& order, Findings& findings);

  std::unordered_map<ObjectNumber, Cond> conds_;
  order::StableVector<Task> tasks_;          // that use mutexes or conditions; the first is none
  std::vector<std::uint32_t> task_numbers_;  // by id
  std::unordered_map<TaskId, StackRange> stacks_;
  bool has_accesses_ = false;
  bool has_hung_ = false;
};

Section& LostWakeup::Task::section(std::uint64_t mutex) {
  if (recent < sections.size() && sections[recent].mutex == mutex) return sections[recent];
  constexpr std::size_t kFew = 8;
  if (sections.size() <= kFew) {
    const auto known = std::ranges::find(sections, mutex, &Section::mutex);
    if (known != sections.end()) return *known;
  } else if (const std::uint32_t* number = section_numbers.find(mutex)) {
    recent = *number;
    return sections[recent];
  }
  recent = sections.size();
  sections.emplace_back().mutex = mutex;
  if (sections.size() > kFew) {
    for (std::size_t i = section_numbers.size(); i < sections.size(); ++i) {
      section_numbers.at(sections[i].mutex) = static_cast<std::uint32_t>(i);
    }
  }
  return sections.back();
}

void LostWakeup::Task::hold(Section& section) {
  if (section.held_before_notify == notifies) return;
  section.held_before_notify = notifies;
  held_lately.push_back(section.mutex);
}

LostWakeup::Task& LostWakeup::task_at(TaskId id) {
  if (Task* known = find_task(id)) return *known;
  if (id >= task_numbers_.size()) task_numbers_.resize(id + 1);
  if (tasks_.size() == 0) tasks_.grow_to(1);
  task_numbers_[id] = static_cast<std::uint32_t>(tasks_.size());
  tasks_.grow_to(tasks_.size() + 1);
  Task& task = tasks_[task_numbers_[id]];
  if (const auto stack = stacks_.find(id); stack != stacks_.end()) task.stack = stack->second;
  return task;
}

bool waits_on(TaskId task, ObjectNumber cond, const Order& order) {
  const TaskState& state = order.task(task);
  return state.wait && state.wait->object == cond;
}

void LostWakeup::see(const Event& event, const Order& order, Findings&) {
  const Effect effect = trace::effect_of(event.kind);
  if (effect == Effect::kHangs) has_hung_ = true;
  if (event.task == 0) return;
  see_stack(event, effect, order);
  const ObjectType type = trace::object_type_of(event.kind);
  if (type == ObjectType::kMutex) return see_mutex(event, effect, task_at(event.task));
  if (type == ObjectType::kCond) {
    Task& task = task_at(event.task);
    if (effect == Effect::kNotifies) return see_notify(event, order, task);
    if (effect == Effect::kSignals) conds_[order.object()].last.found_nobody = false;
    if (effect != Effect::kWaits) return;
    conds_[order.object()].waiting.push_back(event.task);
    task.waits_blindly = task.section(event.value).looked_at_nothing;
    return;
  }
  // Atomics it has looked at, and whatever else it did.
  if (Task* task = find_task(event.task)) ++task->looks;
}

// A thread takes its stack by itself, before all else; a task's is told of by who spawns it.
void LostWakeup::see_stack(const Event& event, Effect effect, const Order& order) {
  if (event.kind == trace::Kind::kStackBegin) {
    if (!order.task(event.task).is_thread() || stacks_.contains(event.task)) return;
    stacks_[event.task] = {event.object, event.value};
    if (Task* task = find_task(event.task)) task->stack = stacks_[event.task];
  } else if (effect == Effect::kForks) {
    const trace::Extent stack = trace::spawned_stack(event);
    if (stack.bytes == 0) return;
    stacks_[static_cast<TaskId>(event.object)] = {stack.address, stack.bytes};
  } else if (effect == Effect::kEnds) {
    stacks_.erase(event.task);
  }
}

void LostWakeup::see_accesses(TaskId task, std::span<const trace::Access> batch) {
  has_accesses_ = true;
  Task* known = find_task(task);
  if (known == nullptr) return;
  const StackRange& stack = known->stack;
  const auto looks = [&](const trace::Access& access) {
    return !access.is_write && !stack.contains(access.address);
  };
  if (!std::ranges::any_of(batch, looks)) return;
  ++known->looks;
  known->has_looked = true;
}

void LostWakeup::see_mutex(const Event& event, Effect effect, Task& task) {
  Section& section = task.section(event.object);
  if (effect == Effect::kTakes) {
    section.looks_at_lock = task.looks;
    task.has_looked = false;
    section.is_known = true;
    task.hold(section);
  } else if (effect == Effect::kGives) {
    section.looked_at_nothing = section.is_known && task.looks == section.looks_at_lock;
  }
}

void LostWakeup::see_notify(const Event& event, const Order& order, Task& task) {
  Cond& cond = conds_[order.object()];
  std::erase_if(cond.waiting, [&](TaskId t) { return !waits_on(t, order.object(), order); });
  cond.was_notified = true;
  cond.last = {party_of(event, order), task.held_lately, cond.waiting.empty()};
  if (std::ranges::find(cond.notifiers, event.task) == cond.notifiers.end()) {
    cond.notifiers.push_back(event.task);
  }
  task.held_lately.clear();
  ++task.notifies;
  for (const order::Holding& held : order.task(event.task).held()) {
    task.hold(task.section(order.objects()[held.object].address));
  }
}

void LostWakeup::finish(const Order& order, Findings& findings) {
  for (TaskId task = 1; task < order.task_limit(); ++task) {
    const TaskState& state = order.task(task);
    if (!state.wait || state.has_ended || (state.wait->event.index & trace::kTimed) != 0) continue;
    const auto cond = conds_.find(state.wait->object);
    if (trace::object_type_of(state.wait->event.kind) != ObjectType::kCond ||
        cond == conds_.end() || !cond->second.was_notified) {
      continue;
    }
    const Notify& last = cond->second.last;
    if (!last.found_nobody || last.party.task == task) continue;
    const bool held_no_mutex =
        std::ranges::find(last.mutexes, state.wait->event.value) == last.mutexes.end();
    // A library that is not instrumented looks at nothing that we see: a thread of its own may idle
    // like that, but not hang the program.
    const bool is_blind = waits_blindly(task);
    const bool is_lost = has_hung_ ? held_no_mutex || is_blind : is_blind && !state.is_thread();
    if (is_lost) report(task, cond->second, order, findings);
  }
}

void LostWakeup::report(TaskId task, const Cond& cond, const Order& order, Findings& findings) {
  findings.explain(task);
  const order::Wait& wait = *order.task(task).wait;
  if (!findings.is_new(key_of(FindingKind::kLostWakeup, wait.event.stack, cond.last.party.stack))) {
    return;
  }
  const bool nobody_is_left =
      std::ranges::all_of(cond.notifiers, [&](TaskId t) { return order.task(t).has_ended; });
  Draft draft;
  Finding& finding = draft.finding;
  finding.kind = FindingKind::kLostWakeup;
  finding.certainty = has_hung_ || nobody_is_left ? Certainty::kProved : Certainty::kSuspected;
  Party waiter;
  waiter.task = task;
  waiter.action = trace::verb_of(wait.event.kind);
  waiter.object = wait.object;
  waiter.stack = wait.event.stack;
  waiter.time_ns = wait.event.time_ns;
  waiter.held = held_of(order.task(task).held());
  finding.parties = {std::move(waiter), cond.last.party};
  const bool is_blind = waits_blindly(task);
  draft.tell = [is_blind](Finding& f, const Run& run) {
    const std::string cond_text = object_text(run, f.parties[0].object);
    f.title = task_text(run, f.parties[0].task) + " waits for ever on " + cond_text +
              ": the notify came before the wait";
    f.why = task_text(run, f.parties[1].task) +
            " notified when nobody waited, and no notify comes any more" +
            (is_blind ? "; the wait did not look whether what it waits for is so already"
                      : "; it changed what is waited for without the mutex, so that the test and "
                        "the wait could miss it");
    f.hint = is_blind ? "test before waiting, and again after: wait(lock, predicate)"
                      : "hold the mutex while changing what is waited for, then notify";
  };
  findings.add(std::move(draft));
}

}  // namespace

std::unique_ptr<Detector> make_lost_wakeup() { return std::make_unique<LostWakeup>(); }

}  // namespace raddle::detect
