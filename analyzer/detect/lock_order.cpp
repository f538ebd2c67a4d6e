// SPDX-License-Identifier: Apache-2.0
// lock-order: acquisitions that did not meet in this run, but of which another run makes a circle.
//
// Without a window: circles that nothing but locks keeps apart, as far as forks, joins, channels,
// atomics and the like tell. Whether one task has read in memory what the other wrote, and would
// not have come there otherwise, only a window says: with one, a circle counts if a reordering of
// the trace closes it in which each read reads what it has read (reordering.h).
#include <algorithm>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/lock_circles.h"

namespace raddle::detect {

namespace {

using order::Holding;
using order::Order;
using trace::Effect;
using trace::Event;

constexpr std::size_t kMostCircles = 10'000;
constexpr unsigned kMostTries = 16;  // in one window, with the same places

bool is_locking(Effect effect) {
  return effect == Effect::kTakes || effect == Effect::kTakesShared || effect == Effect::kGives ||
         effect == Effect::kGivesShared;
}

// What a task does may depend on what an atomic load has read, whatever its memory order.
Event as_strong(const Event& event, Effect effect) {
  constexpr std::uint32_t kSeqCst = 5;
  Event strong = event;
  if (effect == Effect::kAtomicReads || effect == Effect::kAtomicWrites ||
      effect == Effect::kAtomicUpdates) {
    strong.index = kSeqCst;
  }
  return strong;
}

// The same places and locks are the same circle, whichever tasks came by.
std::uint64_t key_of_places(LockCircles::Circle circle) {
  std::vector<std::uint64_t> places;
  for (const LockRequest* request : circle) {
    places.push_back(
        key_of(FindingKind::kLockOrder, request->event.stack, request->lock, request->held.size()));
  }
  std::ranges::sort(places);
  std::uint64_t key = 0;
  for (const std::uint64_t place : places) key = key_of(FindingKind::kLockOrder, key, place);
  return key;
}

class LockOrder final : public Detector {
 public:
  explicit LockOrder(std::shared_ptr<Reordering> window) : window_(std::move(window)) {
    if (window_ != nullptr) window_->at_end([this] { look(); });
  }
  bool wants(Effect effect) const override {
    return effect != Effect::kGives && effect != Effect::kGivesShared;
  }
  void see(const Event& event, const Order& order, Findings& findings) override;
  void finish(const Order& order, Findings& findings) override;

 private:
  struct Found {
    std::uint64_t key = 0;  // of its places
    std::vector<LockRequest> requests;
    std::uint64_t times = 0;
  };

  void look();
  bool can_happen(LockCircles::Circle circle, std::uint64_t key);
  void report(const Found& found, const Order& order, Findings& findings) const;

  const std::shared_ptr<Reordering> window_;
  // Happens-before without locks, from the first request on: what orders two requests lies between
  // them, and most programs have none.
  Order hard_;
  bool has_requests_ = false;
  LockCircles circles_;
  std::unordered_map<std::uint64_t, unsigned> tries_;                  // in this window, by places
  std::vector<Found> found_;                                           // in their order
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> at_;  // by places and tasks
};

void LockOrder::see(const Event& event, const Order& order, Findings&) {
  const Effect effect = trace::effect_of(event.kind);
  if (!is_locking(effect)) {
    if (!has_requests_) return;
    const Event strong = as_strong(event, effect);
    hard_.enter(strong);
    hard_.take(strong);
    return;
  }
  const bool takes = effect == Effect::kTakes || effect == Effect::kTakesShared;
  // What was only tried waits for nobody.
  if (!takes || (event.index & trace::kTried) != 0 || !order.knows(event.task)) return;
  const std::vector<Holding>& held = order.task(event.task).held();
  const bool has_it = std::ranges::find(held, order.object(), &Holding::object) != held.end();
  if (held.empty() || has_it) return;
  has_requests_ = true;
  hard_.note_accesses(event.task);
  circles_.add({event, order.object(), effect == Effect::kTakesShared, held,
                hard_.epoch_of(event.task), hard_.clock_of(event.task),
                window_ != nullptr ? window_->last(event.task) : Reordering::Moment()});
}

bool LockOrder::can_happen(LockCircles::Circle circle, std::uint64_t key) {
  if (window_ == nullptr) return true;
  if (++tries_[key] > kMostTries) return false;
  std::vector<Reordering::Moment> moments;
  for (const LockRequest* request : circle) moments.push_back(request->moment);
  return window_->can_meet(moments);
}

// Those of the window that is complete now, or of the whole trace.
void LockOrder::look() {
  circles_.find([&](LockCircles::Circle circle) {
    const std::uint64_t key = key_of_places(circle);
    std::uint64_t tasks = 0;
    for (const LockRequest* request : circle) {
      tasks = key_of(FindingKind::kLockOrder, tasks, request->event.task);
    }
    const auto known = at_.find({key, tasks});
    if (known != at_.end()) return void(++found_[known->second].times);
    if (found_.size() == kMostCircles || !can_happen(circle, key)) return;
    at_[{key, tasks}] = found_.size();
    Found& found = found_.emplace_back(Found{key, {}, 1});
    for (const LockRequest* request : circle) found.requests.push_back(*request);
  });
  if (window_ == nullptr) return;
  circles_.clear();
  tries_.clear();
}

// The last window has ended by now.
void LockOrder::finish(const Order& order, Findings& findings) {
  if (window_ == nullptr) look();
  for (const Found& found : found_) report(found, order, findings);
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

void tell(Finding& finding, const Run& run, bool is_proved) {
  const std::size_t locks = finding.parties.size();
  finding.title = locks == 2
                      ? object_text(run, finding.edges[1].on) + " and " +
                            object_text(run, finding.edges[0].on) + " are locked in both orders"
                      : std::to_string(locks) + " locks are taken in a circle of orders";
  finding.why = circle_text(finding, run) +
                (is_proved ? ": nothing but luck kept them apart"
                           : ": no join, channel, atomic or lock of both keeps them apart (whether "
                             "what they read does, raddle check --predict finds out)") +
                ", and when they meet, all wait for ever";
  finding.hint = "take the locks in one order everywhere, or both at once (std::scoped_lock)";
}

void LockOrder::report(const Found& found, const Order& order, Findings& findings) const {
  // What has happened is not predicted too.
  const auto is_explained = [&](const LockRequest& request) {
    return findings.is_explained(request.event.task);
  };
  if (std::ranges::all_of(found.requests, is_explained)) return;
  if (!findings.is_new(found.key, found.times)) return;
  Draft draft;
  draft.finding.kind = FindingKind::kLockOrder;
  draft.finding.certainty = Certainty::kPredicted;
  draft.tell = [is_proved = window_ != nullptr](Finding& finding, const Run& run) {
    tell(finding, run, is_proved);
  };
  const auto size = static_cast<std::uint32_t>(found.requests.size());
  for (std::uint32_t i = 0; i < size; ++i) {
    const LockRequest& request = found.requests[i];
    Party party = party_of(request.event, order);
    party.object = request.lock;
    party.held = held_of(request.held);
    draft.finding.parties.push_back(std::move(party));
    draft.finding.edges.push_back({i, request.lock, (i + 1) % size});
  }
  findings.add(std::move(draft));
}

}  // namespace

std::unique_ptr<Detector> make_lock_order(std::shared_ptr<Reordering> window) {
  return std::make_unique<LockOrder>(std::move(window));
}

}  // namespace raddle::detect
