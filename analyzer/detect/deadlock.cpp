// SPDX-License-Identifier: Apache-2.0
// deadlock: tasks and threads that wait for each other in a circle, or everything blocked for ever.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/hang_words.h"

namespace raddle::detect {

namespace {

using order::ObjectState;
using order::Order;
using order::TaskState;
using trace::Effect;
using trace::Event;
using trace::ObjectType;

constexpr std::size_t kMostParties = 100;  // of a hang's finding

struct Blocker {  // somebody who must move first
  TaskId task = 0;
  order::ObjectNumber object = 0;
};

bool is_for_ever(const TaskState& task) {
  return task.wait && (task.wait->event.index & trace::kTimed) == 0 && !task.has_ended;
}

class Deadlock final : public Detector {
 public:
  bool wants(Effect effect) const override { return effect == Effect::kHangs; }
  void see(const Event& event, const Order&, Findings&) override {
    if (trace::effect_of(event.kind) == Effect::kHangs) has_hung_ = true;
  }

  void finish(const Order& order, Findings& findings) override {
    marks_.assign(order.task_limit(), Mark::kNew);
    for (TaskId task = 1; task < order.task_limit(); ++task) {
      if (marks_[task] == Mark::kNew) search(task, order, findings);
    }
    if (has_hung_) report_hang(order, findings);
  }

 private:
  enum class Mark : std::uint8_t { kNew, kOnPath, kDone };
  struct Step {
    TaskId task;
    std::vector<Blocker> blockers;
    std::size_t next = 0;
  };

  static std::vector<Blocker> blockers_of(TaskId task, const Order& order);
  static void add_lock_blockers(TaskId task, const Order& order, std::vector<Blocker>& blockers);
  void search(TaskId start, const Order& order, Findings& findings);
  void report_circle(const std::vector<Step>& path, TaskId first, const Order& order,
                     Findings& findings);
  void report_hang(const Order& order, Findings& findings);

  std::vector<Mark> marks_;
  bool has_hung_ = false;
};

Party waiting_party(TaskId task, const Order& order) {
  const TaskState& state = order.task(task);
  Party party;
  party.task = task;
  party.action = trace::verb_of(state.wait->event.kind);
  party.object = state.wait->object;
  party.stack = state.wait->event.stack;
  party.time_ns = state.wait->event.time_ns;
  party.held = held_of(state.held());
  const ObjectType type = trace::object_type_of(state.wait->event.kind);
  if (type == ObjectType::kChannel && party.object == 0) party.object_text = "a nil channel";
  return party;
}

// For each party whom it waits to end; 0: nobody.
std::vector<TaskId> awaited_by(const std::vector<Party>& parties, const Order& order) {
  std::vector<TaskId> awaited;
  for (const Party& party : parties) {
    const Event& wait = order.task(party.task).wait->event;
    const bool is_join = trace::object_type_of(wait.kind) == ObjectType::kTask;
    awaited.push_back(is_join ? static_cast<TaskId>(wait.object) : 0);
  }
  return awaited;
}

void name_awaited(Finding& finding, const Run& run, const std::vector<TaskId>& awaited) {
  for (std::size_t i = 0; i < awaited.size(); ++i) {
    if (awaited[i] != 0) finding.parties[i].object_text = task_text(run, awaited[i]);
  }
}

// Who holds the lock; and where only readers do and a reader waits, the writer queued before it.
void Deadlock::add_lock_blockers(TaskId task, const Order& order, std::vector<Blocker>& blockers) {
  const order::Wait& wait = *order.task(task).wait;
  const ObjectState& object = order.objects()[wait.object];
  if (object.owner != 0) blockers.push_back({object.owner, wait.object});
  if ((wait.event.index & trace::kShared) == 0) {
    for (const order::SharedHolder& holder : object.shared) {
      blockers.push_back({holder.task, wait.object});
    }
    // Itself last: a circle with others says more.
    std::ranges::stable_partition(blockers, [&](const Blocker& b) { return b.task != task; });
    return;
  }
  for (TaskId other = 1; object.owner == 0 && other < order.task_limit(); ++other) {
    const TaskState& state = order.task(other);
    if (other == task || !is_for_ever(state) || state.wait->object != wait.object) continue;
    if ((state.wait->event.index & trace::kShared) != 0) continue;
    blockers.push_back({other, wait.object});
  }
}

std::vector<Blocker> Deadlock::blockers_of(TaskId task, const Order& order) {
  std::vector<Blocker> blockers;
  if (!order.knows(task) || !is_for_ever(order.task(task))) return blockers;
  const order::Wait& wait = *order.task(task).wait;
  const ObjectType type = trace::object_type_of(wait.event.kind);
  if (type == ObjectType::kTask) {
    const auto other = static_cast<TaskId>(wait.event.object);
    if (order.knows(other) && !order.task(other).has_ended) blockers.push_back({other, 0});
  } else if (type == ObjectType::kMutex || type == ObjectType::kRwMutex) {
    add_lock_blockers(task, order, blockers);
  }
  return blockers;
}

// Depth first; a blocker on the path closes a circle. Each task needs all its blockers to move, so
// any circle is a deadlock.
void Deadlock::search(TaskId start, const Order& order, Findings& findings) {
  std::vector<Step> path;
  path.push_back({start, blockers_of(start, order)});
  marks_[start] = Mark::kOnPath;
  while (!path.empty()) {
    Step& step = path.back();
    if (step.next == step.blockers.size()) {
      marks_[step.task] = Mark::kDone;
      path.pop_back();
      continue;
    }
    const TaskId next = step.blockers[step.next++].task;
    if (marks_[next] == Mark::kOnPath) {
      if (findings.is_explained(next)) continue;  // another circle of the same tasks
      report_circle(path, next, order, findings);
    } else if (marks_[next] == Mark::kNew) {
      marks_[next] = Mark::kOnPath;
      path.push_back({next, blockers_of(next, order)});
    }
  }
}

// "thread" in a program without tasks, where nobody would know what a task is.
std::string word_for_all(const std::vector<Party>& parties, const Run& run) {
  const bool are_threads = std::all_of(parties.begin(), parties.end(), [&](const Party& party) {
    return run.tasks[party.task].is_thread;
  });
  return are_threads ? "thread" : "task";
}

void tell_circle(Finding& finding, const Run& run) {
  const std::size_t n = finding.parties.size();
  if (n == 1) {
    finding.title = task_text(run, finding.parties[0].task) + " waits for itself";
    finding.why = "it holds " + object_text(run, finding.parties[0].object) +
                  " already, and only it could give it up";
    finding.hint = "do not lock again what the caller holds, or use a recursive mutex";
    return;
  }
  const std::string word = word_for_all(finding.parties, run);
  finding.title = std::to_string(n) + " " + word + "s wait for each other in a circle";
  for (std::size_t i = 0; i < n; ++i) {
    const WaitEdge& edge = finding.edges[i];
    finding.why += (i == 0 ? "" : "; ") + task_text(run, finding.parties[edge.from].task) +
                   " waits for " +
                   (edge.on == 0 ? std::string("the end") : object_text(run, edge.on)) + " of " +
                   task_text(run, finding.parties[edge.to].task);
  }
  finding.why += ": no other " + word + " can help";
  const bool has_joins =
      std::ranges::any_of(finding.edges, [](auto& edge) { return edge.on == 0; });
  const ObjectId first = finding.edges[0].on;
  const bool is_one_lock =
      std::ranges::all_of(finding.edges, [&](const WaitEdge& edge) { return edge.on == first; });
  if (has_joins) {
    finding.hint = "let no " + word + " wait for the end of one that waits for it";
  } else if (is_one_lock) {
    finding.hint = "give the shared lock up before asking to hold it alone, and look again then";
  } else {
    finding.hint = "take the locks in one order everywhere, or both at once (std::scoped_lock)";
  }
}

void Deadlock::report_circle(const std::vector<Step>& path, TaskId first, const Order& order,
                             Findings& findings) {
  const auto begin =
      std::find_if(path.begin(), path.end(), [&](const Step& step) { return step.task == first; });
  Draft draft;
  Finding& finding = draft.finding;
  finding.kind = FindingKind::kDeadlock;
  finding.certainty = Certainty::kCertain;
  const auto size = static_cast<std::uint32_t>(path.end() - begin);
  for (std::uint32_t i = 0; i < size; ++i) {
    const Step& step = begin[i];
    finding.parties.push_back(waiting_party(step.task, order));
    finding.edges.push_back({i, step.blockers[step.next - 1].object, (i + 1) % size});
    findings.explain(step.task);
  }
  draft.tell = [awaited = awaited_by(finding.parties, order)](Finding& f, const Run& run) {
    name_awaited(f, run, awaited);
    tell_circle(f, run);
  };
  if (findings.is_new(key_of(finding.kind, first, size, path.back().task))) {
    findings.add(std::move(draft));
  }
}

// What the one that is waited for should do, where all wait for the same.
std::string hint_of_hang(const Finding& finding, const Run& run) {
  std::set<ObjectId> awaited;
  for (const Party& party : finding.parties) awaited.insert(party.object);
  awaited.erase(0);  // another's end
  const ObjectId only = awaited.size() == 1 ? *awaited.begin() : 0;
  const trace::ObjectType type = only == 0 ? trace::ObjectType::kRun : run.objects[only].type;
  const std::string name = object_text(run, only);
  if (type == trace::ObjectType::kCond) {
    return "change what is waited for, then notify " + name + "; or let the wait end otherwise";
  }
  if (type == trace::ObjectType::kWaitGroup) {
    return "call done() once for each add(1) to " + name + ", also where a task returns early";
  }
  if (type == trace::ObjectType::kChannel) {
    return "see who should be at the other end of " + name +
           ", and why it is not; close it when "
           "nothing more comes";
  }
  if (const std::string_view hint = hint_for_library_waits(finding, run); !hint.empty()) {
    return std::string(hint);
  }
  return "see who should send, receive, close, unlock or be done, and why it does not";
}

// Nothing can move any more. If that has its reason already, a circle or a lost wake-up, the others
// wait behind it; else all that is blocked is one deadlock.
void Deadlock::report_hang(const Order& order, Findings& findings) {
  Draft draft;
  Finding& finding = draft.finding;
  finding.kind = FindingKind::kDeadlock;
  finding.certainty = Certainty::kCertain;
  std::size_t blocked = 0;
  const bool has_reason = findings.has_explained();
  for (TaskId task = 1; task < order.task_limit(); ++task) {
    const TaskState& state = order.task(task);
    if (!state.is_known || state.is_worker() || !state.wait || state.has_ended) continue;
    if (findings.is_explained(task)) continue;
    ++blocked;
    const bool is_shown = !has_reason && finding.parties.size() < kMostParties;
    if (is_shown) finding.parties.push_back(waiting_party(task, order));
    findings.explain(task);
  }
  if (has_reason || finding.parties.empty()) return;
  draft.tell = [blocked, awaited = awaited_by(finding.parties, order)](Finding& f, const Run& run) {
    name_awaited(f, run, awaited);
    const std::string all = blocked == 2 ? "both" : "all " + std::to_string(blocked);
    const std::string word = word_for_all(f.parties, run);
    f.title = blocked == 1 ? "the only " + word + " left is blocked for ever"
                           : all + " " + word + "s left are blocked for ever";
    f.why = "no task can run, and no timer is pending that could wake one";
    f.hint = hint_of_hang(f, run);
    tell_library_waits(f, run);
  };
  if (findings.is_new(key_of(finding.kind, 0))) findings.add(std::move(draft));
}

}  // namespace

std::unique_ptr<Detector> make_deadlock() { return std::make_unique<Deadlock>(); }

}  // namespace raddle::detect
