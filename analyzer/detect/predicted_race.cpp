// SPDX-License-Identifier: Apache-2.0
// data-race, predicted: two accesses that locks have ordered by the chance of this run, and that a
// reordering of a window of the trace lets meet. What it keeps: the order of each task, of all
// operations on each channel, atomic, wait group and the like, forks and joins, what each read has
// read, and the order in which locks are taken (reordering.h).
#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/reordering.h"
#include "analyzer/model/words.h"

namespace raddle::detect {

namespace {

using order::Order;
using trace::Effect;
using trace::Event;
using trace::ObjectType;
using trace::TaskId;
using Moment = Reordering::Moment;

constexpr std::size_t kMostOperations = 200'000;  // of a window
constexpr std::size_t kMostTasks = 256;
constexpr std::size_t kMostPairs = 20'000;
constexpr int kMostTries = 4;                   // with the same two places
constexpr std::uint64_t kMostGranules = 1'024;  // of one access
constexpr std::size_t kMostKept = 16;           // accesses of a granule
constexpr std::uint64_t kGranule = 8;

struct Place {
  Moment moment;
  TaskId task = 0;
  order::Epoch epoch;
  std::uint64_t address = 0;
  std::uint32_t size_bytes = 0;
  std::uint32_t bytes = 0;  // of the granule, a mask
  bool is_write = false;
  trace::SiteId site = 0;
  trace::StackId stack = 0;
};

struct Granule {
  Place writer;  // the last; position 0: none in the window
  std::vector<Place> places;
};

struct Pair {
  Place earlier, later;
};

// A wait group: nobody can tell in which order others added and were done.
struct Count {
  Moment last;                // addition, or wait that has ended
  std::vector<Moment> dones;  // since
};

std::uint32_t mask_of(std::uint64_t granule, std::uint64_t address, std::uint64_t bytes) {
  const std::uint64_t begin = std::max(granule * kGranule, address) - granule * kGranule;
  const std::uint64_t end =
      std::min((granule + 1) * kGranule, address + bytes) - granule * kGranule;
  return ((1u << end) - 1) & ~((1u << begin) - 1);
}

// Waits do not change what they wait for, except for conditions, which know who waits.
bool keeps_order(Effect effect, ObjectType type) {
  switch (effect) {
    case Effect::kWaits:
      return type == ObjectType::kCond;
    case Effect::kExchanges:
    case Effect::kSends:
    case Effect::kMeets:
    case Effect::kCloses:
    case Effect::kAcquiresClose:
    case Effect::kOffers:
    case Effect::kAcquires:
    case Effect::kReleases:
    case Effect::kGivesPermits:
    case Effect::kTakesPermit:
    case Effect::kArrives:
    case Effect::kLeaves:
    case Effect::kSignals:
    case Effect::kNotifies:
    case Effect::kCounts:
    case Effect::kAtomicReads:
    case Effect::kAtomicWrites:
    case Effect::kAtomicUpdates:
      return true;
    case Effect::kNone:
    case Effect::kBegins:
    case Effect::kEnds:
    case Effect::kDetaches:
    case Effect::kWakes:
    case Effect::kResumes:
    case Effect::kSuspends:
    case Effect::kWaitsToSend:
    case Effect::kCreates:
    case Effect::kDestroys:
    case Effect::kFences:
    case Effect::kTolerates:
    case Effect::kReads:
    case Effect::kWrites:
    case Effect::kMisuses:
    case Effect::kPanics:
    case Effect::kFinishes:
    case Effect::kHangs:
    case Effect::kLoses:
    case Effect::kSpins:
    // What the detector looks at itself.
    case Effect::kForks:
    case Effect::kJoins:
    case Effect::kTakes:
    case Effect::kGives:
    case Effect::kTakesShared:
    case Effect::kGivesShared:
    case Effect::kAllocates:
    case Effect::kFrees:
    case Effect::kDiscards:
      return false;
  }
  return false;
}

bool is_lock(Effect effect) {
  return effect == Effect::kTakes || effect == Effect::kGives || effect == Effect::kTakesShared ||
         effect == Effect::kGivesShared;
}

class PredictedRace final : public Detector {
 public:
  explicit PredictedRace(std::shared_ptr<Reordering> window) : window_(std::move(window)) {}
  void see(const Event& event, const Order& order, Findings& findings) override;
  bool wants_accesses() const override { return true; }
  void see_accesses(TaskId task, std::span<const trace::Access> batch) override;
  void finish(const Order& order, Findings& findings) override;

 private:
  void see_lock(const Event& event, const Order& order, Effect effect);
  void see_object(const Event& event, const Order& order, Effect effect);
  void see_count(const Event& event, const Order& order, Effect effect);
  void forget(std::uint64_t begin, std::uint64_t bytes);
  void see_access(TaskId task, const trace::Access& access);
  void see_granule(std::uint64_t number, const Place& place);
  void keep(Granule& granule, const Place& place);
  void end_window();
  void report(const Pair& pair, const Order& order, Findings& findings) const;

  const std::shared_ptr<Reordering> window_;
  std::size_t operations_ = 0;
  bool is_full_ = false;
  const Order* order_ = nullptr;                       // for accesses, which come without
  std::unordered_map<std::uint64_t, Moment> objects_;  // the last operation on each
  std::unordered_map<order::ObjectNumber, Count> counts_;
  std::unordered_map<TaskId, std::uint64_t> condition_;  // that a task has waited for
  std::unordered_map<std::uint64_t, Granule> granules_;
  std::vector<Pair> pairs_;
  std::vector<Pair> met_;                         // in any window
  std::unordered_map<std::uint64_t, int> tries_;  // by both places
};

void PredictedRace::see(const Event& event, const Order& order, Findings&) {
  order_ = &order;
  if (event.task == 0) return;
  if (is_full_ || ++operations_ > kMostOperations || window_->task_count() > kMostTasks) {
    end_window();
  }
  const Effect effect = trace::effect_of(event.kind);
  const auto other = static_cast<TaskId>(event.object);
  if (effect == Effect::kForks) {
    window_->require(other, window_->step(event.task));
  } else if (effect == Effect::kJoins) {
    window_->require(event.task, window_->last(other));
  } else if (is_lock(effect)) {
    see_lock(event, order, effect);
  } else if (effect == Effect::kAllocates || effect == Effect::kFrees ||
             effect == Effect::kDiscards) {
    forget(event.object, event.value);
  } else if (trace::object_type_of(event.kind) == ObjectType::kWaitGroup) {
    see_count(event, order, effect);
  } else if (keeps_order(effect, trace::object_type_of(event.kind))) {
    see_object(event, order, effect);
  }
}

void PredictedRace::see_lock(const Event& event, const Order& order, Effect effect) {
  const bool is_shared = effect == Effect::kTakesShared;
  if (effect == Effect::kGives || effect == Effect::kGivesShared) {
    return window_->release(event.task, order.object());
  }
  // Whoever waited on a condition goes on because it was notified.
  if (const auto waited = condition_.find(event.task); waited != condition_.end()) {
    window_->require(event.task, objects_[waited->second]);
    condition_.erase(waited);
  }
  window_->acquire(event.task, order.object(), is_shared);
}

void PredictedRace::see_object(const Event& event, const Order& order, Effect effect) {
  const auto type = static_cast<std::uint64_t>(trace::object_type_of(event.kind));
  const std::uint64_t key = order.object() != 0 ? (type << 56) | order.object()
                                                : (type << 56) | (1ull << 55) | (event.object >> 3);
  const auto [found, is_first] = objects_.try_emplace(key);
  if (!is_first) window_->require(event.task, found->second);
  if (effect == Effect::kMeets && event.peer != 0) {
    window_->require(event.task, window_->step(event.peer));
  }
  found->second = window_->step(event.task);
  if (event.peer != 0 && (effect == Effect::kMeets || effect == Effect::kSignals)) {
    window_->require(event.peer, found->second);
  }
  if (effect == Effect::kWaits) condition_[event.task] = key;
}

// Who is done needs the additions, or the counter would go below zero; who has waited needs all.
void PredictedRace::see_count(const Event& event, const Order& order, Effect effect) {
  if (effect != Effect::kCounts && effect != Effect::kReleases && effect != Effect::kAcquires) {
    return;
  }
  Count& count = counts_[order.object()];
  window_->require(event.task, count.last);
  if (effect == Effect::kReleases) {
    count.dones.push_back(window_->step(event.task));
    return;
  }
  if (effect == Effect::kAcquires) {
    for (const Moment& done : count.dones) window_->require(event.task, done);
    count.dones.clear();
  }
  count.last = window_->step(event.task);
}

// Another block lies there from now on.
void PredictedRace::forget(std::uint64_t begin, std::uint64_t bytes) {
  const std::uint64_t first = begin / kGranule;
  const std::uint64_t count = bytes / kGranule + 1;
  if (count < granules_.size()) {
    for (std::uint64_t i = 0; i < count; ++i) granules_.erase(first + i);
  } else {
    std::erase_if(granules_, [&](const auto& entry) { return entry.first - first < count; });
  }
}

void PredictedRace::see_accesses(TaskId task, std::span<const trace::Access> batch) {
  for (const trace::Access& access : batch) {
    if (!is_full_) see_access(task, access);
  }
}

void PredictedRace::see_access(TaskId task, const trace::Access& access) {
  const auto stride = static_cast<std::uint64_t>(access.stride_bytes);
  if (order_ == nullptr || access.size_bytes == 0) return;
  // What is too large to be followed ends the window: all of it has happened then.
  is_full_ = access.count > kMostGranules || access.size_bytes > kMostGranules * kGranule ||
             ++operations_ > kMostOperations;
  if (is_full_) return;
  Place place;
  place.moment = window_->step(task);
  place.task = task;
  place.epoch = order_->epoch_of(task);
  place.size_bytes = access.size_bytes;
  place.is_write = access.is_write;
  place.site = access.site;
  place.stack = access.stack;
  for (std::uint64_t i = 0; i < access.count; ++i) {
    place.address = access.address + i * stride;
    const std::uint64_t last = (place.address + access.size_bytes - 1) / kGranule;
    for (std::uint64_t number = place.address / kGranule; number <= last; ++number) {
      place.bytes = mask_of(number, place.address, access.size_bytes);
      see_granule(number, place);
    }
  }
}

void PredictedRace::see_granule(std::uint64_t number, const Place& place) {
  Granule& granule = granules_[number];
  for (const Place& other : granule.places) {
    if (other.task == place.task || (other.bytes & place.bytes) == 0 ||
        (!other.is_write && !place.is_write) || pairs_.size() == kMostPairs) {
      continue;
    }
    if (!order_->is_before(other.epoch, place.task)) continue;  // it has happened
    const std::uint64_t places =
        key_of(FindingKind::kDataRace, (std::uint64_t{other.site} << 32) | place.site, other.stack,
               place.stack);
    if (++tries_[places] <= kMostTries) pairs_.push_back({other, place});
  }
  keep(granule, place);
  // A read reads what was written; of a word written in parts, all parts.
  const bool covers = (granule.writer.bytes & ~place.bytes) == 0;
  if (!place.is_write || !covers) window_->require(place.task, granule.writer.moment);
  if (place.is_write) granule.writer = place;
}

// Behind the races that have happened: of equal ones the first is kept.
void PredictedRace::finish(const Order& order, Findings& findings) {
  end_window();
  for (const Pair& pair : met_) report(pair, order, findings);
}

// Of each task the last read and the last write.
void PredictedRace::keep(Granule& granule, const Place& place) {
  const auto same = std::ranges::find_if(granule.places, [&](const Place& other) {
    return other.task == place.task && other.is_write == place.is_write;
  });
  if (same != granule.places.end()) {
    *same = place;
  } else {
    if (granule.places.size() == kMostKept) granule.places.erase(granule.places.begin());
    granule.places.push_back(place);
  }
}

void PredictedRace::end_window() {
  for (const Pair& pair : pairs_) {
    if (window_->can_meet(std::array{pair.earlier.moment, pair.later.moment})) met_.push_back(pair);
  }
  pairs_.clear();
  tries_.clear();
  objects_.clear();
  counts_.clear();
  condition_.clear();
  granules_.clear();
  window_->end();
  operations_ = 0;
  is_full_ = false;
}

void tell(Finding& finding, const Run&) {
  std::string name = finding.parties[0].object_text;
  if (name.empty()) name = finding.parties[1].object_text;
  for (Party& party : finding.parties) {
    const std::string own = party.object_text.empty() ? name : party.object_text;
    party.object_text = (own.empty() ? "" : own + " ") + "at " + address_text(party.address);
  }
  finding.title = "data race on " + (name.empty() ? "memory" : name) +
                  " where locks are taken by fewer or later";
  finding.why =
      "only the chance of who took a lock first kept them apart in this run: no lock is held at "
      "both, and nothing else orders them";
  finding.hint =
      "guard both accesses with one mutex, make them atomic, or order them with a channel "
      "or a join; raddle explore looks for a schedule that shows it";
}

Party party_of(const Place& place, const Order& order) {
  Party party;
  party.task = place.task;
  party.action = (place.is_write ? "writes " : "reads ") + std::to_string(place.size_bytes) +
                 (place.size_bytes == 1 ? " byte" : " bytes");
  party.address = place.address;
  party.size_bytes = place.size_bytes;
  party.is_write = place.is_write;
  party.stack = place.stack;
  party.time_ns = order.record_of(place.epoch).begin_ns;
  party.held = held_of(order.held_in(place.epoch));
  return party;
}

void PredictedRace::report(const Pair& pair, const Order& order, Findings& findings) const {
  const std::uint64_t a = key_of(FindingKind::kDataRace, pair.earlier.site, pair.earlier.stack);
  const std::uint64_t b = key_of(FindingKind::kDataRace, pair.later.site, pair.later.stack);
  const auto [low, high] = std::minmax(a, b);
  if (!findings.is_new(key_of(FindingKind::kDataRace, low, high, 1))) return;
  Draft draft;
  draft.finding.kind = FindingKind::kDataRace;
  draft.finding.certainty = Certainty::kPredicted;
  draft.finding.parties = {party_of(pair.earlier, order), party_of(pair.later, order)};
  draft.sites = {pair.earlier.site, pair.later.site};
  draft.tell = tell;
  findings.add(std::move(draft));
}

}  // namespace

std::unique_ptr<Detector> make_predicted_race(std::shared_ptr<Reordering> window) {
  return std::make_unique<PredictedRace>(std::move(window));
}

}  // namespace raddle::detect
