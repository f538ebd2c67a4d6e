// SPDX-License-Identifier: Apache-2.0
// task-leak: tasks that never started, or are blocked or asleep when the run ends. Tasks that run,
// or have been woken, are not: they were only cut short.
#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/leak_words.h"

namespace raddle::detect {

namespace {

using order::ObjectNumber;
using order::Order;
using order::TaskState;
using trace::Effect;
using trace::Event;
using trace::ObjectType;

constexpr std::size_t kMostUsers = 8;  // remembered of each side of a channel
constexpr std::size_t kMostNamed = 8;  // of those that wait behind a leak

// Who has used which side of a channel, latest last.
struct Users {
  std::vector<TaskId> senders, receivers;
  std::uint64_t counter = 0;  // of a wait group
};

void remember(std::vector<TaskId>& users, TaskId task) {
  if (!users.empty() && users.back() == task) return;
  std::erase(users, task);
  if (users.size() == kMostUsers) users.erase(users.begin());
  users.push_back(task);
}

class TaskLeak final : public Detector {
 public:
  bool wants(Effect effect) const override {
    return effect != Effect::kTakes && effect != Effect::kGives && effect != Effect::kForks &&
           effect != Effect::kAtomicReads && effect != Effect::kAtomicWrites &&
           effect != Effect::kAtomicUpdates && effect != Effect::kEnds && !is_of_worker(effect);
  }
  void see(const Event& event, const Order& order, Findings& findings) override;
  void finish(const Order& order, Findings& findings) override;

 private:
  bool is_leaked(TaskId task, const Order& order, const Findings& findings) const;
  bool is_gone(TaskId task, const Order& order) const {
    return order.task(task).has_ended || (has_finished_ && task == finisher_);
  }
  const std::vector<TaskId>& partners_of(const order::Wait& wait) const;
  TaskId blocker_of(TaskId task, const Order& order) const;
  TaskId root_of(TaskId task, const Order& order) const;
  void report(TaskId task, const TaskState& state, const Order& order, Findings& findings) const;
  std::string partner_text(const order::Wait& wait, const Order& order,
                           std::vector<TaskId>& partners) const;
  Users& users(ObjectNumber object) {
    if (object >= users_.size()) users_.resize(object + 1);
    return users_[object];
  }

  std::vector<Users> users_;  // by object
  std::set<TaskId> lost_;     // nobody can wake them
  std::set<TaskId> leaked_;
  std::map<std::uint64_t, std::vector<TaskId>> behind_;  // by the key of a leak: who waits for it
  bool was_cut_short_ = false;
  bool has_finished_ = false;
  TaskId finisher_ = 0;
};

void TaskLeak::see(const Event& event, const Order& order, Findings&) {
  const Effect effect = trace::effect_of(event.kind);
  if (effect == Effect::kPanics || effect == Effect::kSpins) was_cut_short_ = true;
  if (effect == Effect::kLoses) lost_.insert(static_cast<TaskId>(event.object));
  if (effect == Effect::kFinishes) {
    has_finished_ = true;
    finisher_ = event.task;
  }
  const ObjectNumber object = order.object();
  if (object == 0) return;
  const ObjectType type = trace::object_type_of(event.kind);
  if (type == ObjectType::kWaitGroup) users(object).counter = event.value;
  if (type != ObjectType::kChannel) return;
  if (effect == Effect::kSends || effect == Effect::kWaitsToSend) {
    remember(users(object).senders, event.task);
  } else if (effect == Effect::kExchanges || effect == Effect::kWaits ||
             effect == Effect::kAcquiresClose) {
    remember(users(object).receivers, event.task);
  } else if (effect == Effect::kOffers) {
    remember(event.index == 1 ? users(object).senders : users(object).receivers, event.task);
  } else if (effect == Effect::kMeets) {
    remember(users(object).senders, event.index == 1 ? event.task : event.peer);
    remember(users(object).receivers, event.index == 1 ? event.peer : event.task);
  }
}

// Those at one place that were created at one place are one finding.
std::uint64_t key_of_leak(const TaskState& state) {
  const order::Wait* wait = state.wait.get();
  const StackId stack = wait != nullptr ? wait->event.stack : state.created_at;
  const auto kind = wait != nullptr ? static_cast<std::uint64_t>(wait->event.kind) : 0;
  return key_of(FindingKind::kTaskLeak, stack, state.created_at, kind);
}

bool TaskLeak::is_leaked(TaskId task, const Order& order, const Findings& findings) const {
  const TaskState& state = order.task(task);
  if (!state.is_known || state.is_thread() || state.created_ns < 0 || state.has_ended) return false;
  return (!state.has_begun || state.wait) && !findings.is_explained(task);
}

// Who has used the other side of the channel.
const std::vector<TaskId>& TaskLeak::partners_of(const order::Wait& wait) const {
  static const Users kNobody;
  const Users& users = wait.object < users_.size() ? users_[wait.object] : kNobody;
  const bool is_send = trace::effect_of(wait.event.kind) == Effect::kWaitsToSend;
  return is_send ? users.receivers : users.senders;
}

// The leaked task at the other end of its channel, if those there who could still act have all
// leaked; 0: none.
TaskId TaskLeak::blocker_of(TaskId task, const Order& order) const {
  const order::Wait* wait = order.task(task).wait.get();
  if (wait == nullptr || wait->object == 0) return 0;
  if (trace::object_type_of(wait->event.kind) != ObjectType::kChannel) return 0;
  TaskId blocker = 0;
  for (const TaskId partner : partners_of(*wait)) {
    if (is_gone(partner, order)) continue;
    if (!leaked_.contains(partner)) return 0;
    blocker = partner;
  }
  return blocker;
}

// The leak behind which it waits: the end of a pipeline, say, whose receiver is gone. 0: it is one
// of its own.
TaskId TaskLeak::root_of(TaskId task, const Order& order) const {
  TaskId root = 0;
  std::size_t steps = 0;
  for (TaskId next = task; (next = blocker_of(next, order)) != 0; root = next) {
    if (++steps > leaked_.size()) return 0;  // in a circle
  }
  return lost_.contains(task) && !lost_.contains(root) ? 0 : root;  // what is proved stays so
}

void TaskLeak::finish(const Order& order, Findings& findings) {
  if (was_cut_short_) return;  // what a panic or livelock keeps from its end has not leaked
  for (TaskId task = 1; task < order.task_limit(); ++task) {
    if (is_leaked(task, order, findings)) leaked_.insert(task);
  }
  std::vector<TaskId> roots;
  for (const TaskId task : leaked_) {
    const TaskId root = root_of(task, order);
    if (root == 0) roots.push_back(task);
    if (root != 0) behind_[key_of_leak(order.task(root))].push_back(task);
  }
  // Those that are proved first: they stand for others at the same place.
  std::ranges::stable_partition(roots, [&](TaskId task) { return lost_.contains(task); });
  for (const TaskId task : roots) report(task, order.task(task), order, findings);
}

bool waits_on_nothing(const order::Wait& wait) {
  const ObjectType type = trace::object_type_of(wait.event.kind);
  if (type == ObjectType::kChannel) return wait.object == 0;
  if (type != ObjectType::kSelect || (wait.event.index & trace::kTimed) != 0) return false;
  return std::all_of(wait.offers.begin(), wait.offers.end(),
                     [](const order::Offer& offer) { return offer.object == 0; });
}

std::string names_of(const std::vector<TaskId>& tasks, const Run& run) {
  std::string names;
  for (std::size_t i = 0; i < std::min(tasks.size(), kMostNamed); ++i) {
    names += (names.empty() ? "" : ", ") + task_text(run, tasks[i]);
  }
  if (tasks.size() <= kMostNamed) return names;
  return names + " and " + std::to_string(tasks.size() - kMostNamed) + " more";
}

void tell(Finding& finding, const Run& run, const std::string& what,
          const std::vector<TaskId>& partners, const std::vector<TaskId>& behind) {
  finding.title = leak_title(finding, run);
  finding.why = what;
  const std::size_t at = finding.why.find('%');  // where the partners' names go
  if (at != std::string::npos) finding.why.replace(at, 1, names_of(partners, run));
  if (behind.empty()) return;
  finding.why += behind.size() == 1 ? "; behind it waits " : "; behind it wait ";
  finding.why += names_of(behind, run);
}

// Why the wait found no partner; '%' stands for the names of `partners`.
std::string TaskLeak::partner_text(const order::Wait& wait, const Order& order,
                                   std::vector<TaskId>& partners) const {
  const bool is_send = trace::effect_of(wait.event.kind) == Effect::kWaitsToSend;
  const std::vector<TaskId>& others = partners_of(wait);
  if (others.empty()) {
    return is_send ? "nobody has ever received from it" : "nobody has ever sent on it or closed it";
  }
  const std::string role = is_send ? "receiver" : "sender";
  const auto is_gone_now = [&](TaskId task) { return is_gone(task, order); };
  if (std::ranges::all_of(others, is_gone_now)) {
    partners = {others.back()};
    return "its last " + role + ", %, has " + (others.back() == finisher_ ? "returned" : "ended");
  }
  std::copy_if(others.begin(), others.end(), std::back_inserter(partners),
               [&](TaskId task) { return !is_gone(task, order); });
  return "it was still blocked at the end; as " + role + " there was still %";
}

void TaskLeak::report(TaskId task, const TaskState& state, const Order& order,
                      Findings& findings) const {
  const order::Wait* wait = state.wait.get();
  const StackId stack = wait != nullptr ? wait->event.stack : state.created_at;
  const std::uint64_t key = key_of_leak(state);
  if (!findings.is_new(key)) return;
  const auto found = behind_.find(key);
  const std::vector<TaskId> behind = found == behind_.end() ? std::vector<TaskId>() : found->second;
  Draft draft;
  Finding& finding = draft.finding;
  finding.kind = FindingKind::kTaskLeak;
  finding.certainty = Certainty::kSuspected;
  Party party;
  party.task = task;
  party.stack = stack;
  party.action = "never started";
  party.time_ns = state.created_ns;
  std::string why = "main returned before it could start";
  finding.hint = "wait for it before main returns, with a WaitGroup or a channel";
  std::vector<TaskId> partners;
  if (wait != nullptr) {
    party.action = trace::verb_of(wait->event.kind);
    party.object = wait->object;
    party.time_ns = wait->event.time_ns;
    party.held = held_of(state.held());
    finding.hint = hint_for_wait(wait->event.kind);
    why = "it was still blocked at the end";
    const ObjectType type = trace::object_type_of(wait->event.kind);
    if (waits_on_nothing(*wait)) {
      finding.certainty = Certainty::kProved;
      if (type == ObjectType::kChannel) party.object_text = kNilChannel;
      why = kNothingCanBeReady;
    } else if (type == ObjectType::kChannel) {
      why = partner_text(*wait, order, partners);
    } else if (type == ObjectType::kTimer) {
      why = "it was still asleep when main returned";
    } else if (type == ObjectType::kWaitGroup && wait->object < users_.size()) {
      why = "the counter never came to 0: it was " + std::to_string(users_[wait->object].counter);
    } else if (order.objects()[wait->object].owner != 0) {
      partners = {order.objects()[wait->object].owner};
      why = order.task(partners[0]).has_ended ? "%, which holds it, has ended" : "% holds it";
    }
    if (lost_.contains(task) && !waits_on_nothing(*wait)) {
      finding.certainty = Certainty::kProved;
      why += "; nobody can wake it any more";
    }
  }
  if (wait != nullptr && !behind.empty() &&
      trace::effect_of(wait->event.kind) == Effect::kWaitsToSend) {
    finding.hint = kHintForPipeline;
  }
  finding.parties = {std::move(party)};
  draft.tell = [why, partners, behind](Finding& f, const Run& run) {
    tell(f, run, why, partners, behind);
  };
  findings.add(std::move(draft));
}

}  // namespace

std::unique_ptr<Detector> make_task_leak() { return std::make_unique<TaskLeak>(); }

}  // namespace raddle::detect
