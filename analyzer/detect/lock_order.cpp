// SPDX-License-Identifier: Apache-2.0
// lock-order: acquisitions that did not meet in this run, but of which a legal reordering makes a
// circle.
//
// A dependency is one request for a lock by a task that holds others. Dependencies of different
// tasks make a circle if each wants what the next holds, none shares a lock with another (a gate
// keeps them apart), and nothing but locks orders any two: locks order a run by chance, forks,
// joins, channels and the like order every run that keeps them. (Goodlock's rules, Bensalem and
// Havelund 2005, with happens-before without locks in place of their segments.)
#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "analyzer/detect/detectors.h"

namespace raddle::detect {

namespace {

using order::Holding;
using order::ObjectNumber;
using order::Order;
using trace::Effect;
using trace::Event;

constexpr std::size_t kMostParties = 6;  // of a circle
// Of one task's requests for the same lock with the same holdings: the first, and the latest.
constexpr std::size_t kFirstKept = 4;
constexpr std::size_t kLastKept = 4;
constexpr std::uint64_t kMostSteps = 1'000'000;  // of the search, which is exponential in bad cases

struct Dependency {
  Event event;
  ObjectNumber lock = 0;
  bool is_shared = false;
  std::vector<Holding> held;
  order::Epoch epoch;  // in the order without locks, and what it knows
  order::VectorClock clock;
};

bool is_locking(Effect effect) {
  return effect == Effect::kTakes || effect == Effect::kTakesShared || effect == Effect::kGives ||
         effect == Effect::kGivesShared;
}

const Holding* find(const std::vector<Holding>& held, ObjectNumber lock) {
  const auto found = std::ranges::find(held, lock, &Holding::object);
  return found == held.end() ? nullptr : &*found;
}

// Whether `wanting` would have to wait for `holding`. Readers do not wait for readers.
bool waits_for(const Dependency& wanting, const Dependency& holding) {
  const Holding* held = find(holding.held, wanting.lock);
  return held != nullptr && !(wanting.is_shared && held->is_shared);
}

// No gate, and either may come first.
bool can_meet(const Dependency& a, const Dependency& b) {
  if (a.event.task == b.event.task) return false;
  if (a.clock.covers(b.epoch) || b.clock.covers(a.epoch)) return false;
  return std::ranges::none_of(a.held, [&](const Holding& mine) {
    const Holding* other = find(b.held, mine.object);
    return other != nullptr && !(mine.is_shared && other->is_shared);
  });
}

class LockOrder final : public Detector {
 public:
  bool wants(Effect effect) const override {
    return effect != Effect::kGives && effect != Effect::kGivesShared;
  }
  void see(const Event& event, const Order& order, Findings& findings) override;
  void finish(const Order& order, Findings& findings) override;

 private:
  // Those that differ only in when.
  struct Kept {
    std::vector<Dependency> some;
    std::size_t next = 0;  // to be replaced
  };

  void keep(const Event& event, const Order& order);
  void extend(std::vector<const Dependency*>& path, const Order& order, Findings& findings);
  void report(const std::vector<const Dependency*>& circle, const Order& order,
              Findings& findings) const;

  Order hard_;  // happens-before without locks
  std::unordered_map<std::uint64_t, Kept> kept_;
  std::unordered_map<ObjectNumber, std::vector<const Dependency*>> holding_;  // by what is held
  std::uint64_t steps_ = 0;
};

void LockOrder::see(const Event& event, const Order& order, Findings&) {
  const Effect effect = trace::effect_of(event.kind);
  if (!is_locking(effect)) {
    hard_.enter(event);
    hard_.take(event);
    return;
  }
  const bool takes = effect == Effect::kTakes || effect == Effect::kTakesShared;
  // What was only tried waits for nobody.
  if (!takes || (event.index & trace::kTried) != 0 || !order.knows(event.task)) return;
  const std::vector<Holding>& held = order.task(event.task).held();
  if (!held.empty() && find(held, order.object()) == nullptr) keep(event, order);
}

void LockOrder::keep(const Event& event, const Order& order) {
  const std::vector<Holding>& held = order.task(event.task).held();
  std::uint64_t key = key_of(FindingKind::kLockOrder, event.task, order.object(),
                             static_cast<std::uint64_t>(event.kind));
  for (const Holding& holding : held) {
    key = key_of(FindingKind::kLockOrder, key, holding.object, holding.is_shared ? 1 : 0);
  }
  hard_.note_accesses(event.task);
  const order::Epoch epoch = hard_.epoch_of(event.task);
  Kept& kept = kept_[key];
  if (!kept.some.empty()) {
    const std::size_t last = kept.some.size() < kFirstKept + kLastKept
                                 ? kept.some.size() - 1
                                 : kFirstKept + (kept.next + kLastKept - 1) % kLastKept;
    const order::Epoch known = kept.some[last].epoch;
    if (known.slot == epoch.slot && known.count == epoch.count) return;  // nothing new about it
  }
  const bool is_shared = trace::effect_of(event.kind) == Effect::kTakesShared;
  Dependency dependency{event, order.object(), is_shared, held, epoch, hard_.clock_of(event.task)};
  if (kept.some.size() < kFirstKept + kLastKept) {
    kept.some.push_back(std::move(dependency));
  } else {
    kept.some[kFirstKept + kept.next] = std::move(dependency);
    kept.next = (kept.next + 1) % kLastKept;
  }
}

void LockOrder::finish(const Order& order, Findings& findings) {
  std::vector<const Dependency*> all;
  for (const auto& [key, kept] : kept_) {
    for (const Dependency& dependency : kept.some) all.push_back(&dependency);
  }
  std::ranges::sort(all, {}, [](const Dependency* d) {
    return std::tuple(d->event.time_ns, d->event.task, d->lock, d->event.seq);
  });
  for (const Dependency* dependency : all) {
    for (const Holding& holding : dependency->held) holding_[holding.object].push_back(dependency);
  }
  for (const Dependency* first : all) {
    std::vector<const Dependency*> path = {first};
    extend(path, order, findings);
  }
}

// Depth first over who holds what the last one wants. Each circle is found once: from its task with
// the smallest number.
void LockOrder::extend(std::vector<const Dependency*>& path, const Order& order,
                       Findings& findings) {
  const auto holders = holding_.find(path.back()->lock);
  if (holders == holding_.end()) return;
  for (const Dependency* next : holders->second) {
    if (++steps_ > kMostSteps) return;
    if (next->event.task <= path.front()->event.task || !waits_for(*path.back(), *next)) continue;
    const auto meets = [&](const Dependency* other) { return can_meet(*other, *next); };
    if (!std::ranges::all_of(path, meets)) continue;
    path.push_back(next);
    if (waits_for(*next, *path.front())) {
      report(path, order, findings);
    } else if (path.size() < kMostParties) {
      extend(path, order, findings);
    }
    path.pop_back();
  }
}

std::string circle_text(const Finding& finding, const Run& run) {
  std::string text;
  for (const WaitEdge& edge : finding.edges) {
    const Party& party = finding.parties[edge.from];
    const Party& next = finding.parties[edge.to];
    text += (text.empty() ? "" : "; ") + task_text(run, party.task) + " wants " +
            object_text(run, edge.on) + ", which " + task_text(run, next.task) + " may hold";
  }
  return text;
}

void tell(Finding& finding, const Run& run) {
  const std::size_t locks = finding.parties.size();
  finding.title = locks == 2
                      ? object_text(run, finding.edges[1].on) + " and " +
                            object_text(run, finding.edges[0].on) + " are locked in both orders"
                      : std::to_string(locks) + " locks are taken in a circle of orders";
  finding.why = circle_text(finding, run) +
                ": nothing but luck kept them apart, and when they meet, all wait for ever";
  finding.hint = "take the locks in one order everywhere, or both at once (std::scoped_lock)";
}

void LockOrder::report(const std::vector<const Dependency*>& circle, const Order& order,
                       Findings& findings) const {
  // What has happened is not predicted too.
  const auto is_explained = [&](const Dependency* d) {
    return findings.is_explained(d->event.task);
  };
  if (std::ranges::all_of(circle, is_explained)) return;
  // The same places and locks are the same circle, whichever tasks came by.
  std::vector<std::uint64_t> places;
  for (const Dependency* d : circle) {
    places.push_back(key_of(FindingKind::kLockOrder, d->event.stack, d->lock, d->held.size()));
  }
  std::ranges::sort(places);
  std::uint64_t key = 0;
  for (const std::uint64_t place : places) key = key_of(FindingKind::kLockOrder, key, place);
  if (!findings.is_new(key)) return;
  Draft draft;
  draft.finding.kind = FindingKind::kLockOrder;
  draft.finding.certainty = Certainty::kPredicted;
  draft.tell = tell;
  const auto size = static_cast<std::uint32_t>(circle.size());
  for (std::uint32_t i = 0; i < size; ++i) {
    const Dependency& dependency = *circle[i];
    Party party = party_of(dependency.event, order);
    party.object = dependency.lock;
    party.held = held_of(dependency.held);
    draft.finding.parties.push_back(std::move(party));
    draft.finding.edges.push_back({i, dependency.lock, (i + 1) % size});
  }
  findings.add(std::move(draft));
}

}  // namespace

std::unique_ptr<Detector> make_lock_order() { return std::make_unique<LockOrder>(); }

}  // namespace raddle::detect
