// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/data_race.h"

#include <algorithm>
#include <utility>

namespace raddle::detect {

using order::Count;
using order::Epoch;
using order::Order;
using trace::Effect;
using trace::Event;
using trace::TaskId;

DataRace::DataRace(const Shares& shares)
    : shares_(std::max(shares.count, 1u)),
      dealer_(takers(shares), places_),
      logs_(shares.pipeline, 1,
            [this](const std::shared_ptr<AccessLog>& log) { dealer_.deal(log); }) {
  if (shares.only != Shares::kNone) log_ = pool_.take();
}

// Makes the shares that are ours.
std::vector<Dealer::Take> DataRace::takers(const Shares& shares) {
  const auto count = static_cast<unsigned>(shares_.size());
  std::vector<Dealer::Take> takers(count);
  for (unsigned i = 0; i < count; ++i) {
    if (shares.only != Shares::kAll && std::cmp_not_equal(shares.only, i)) continue;
    shares_[i] = std::make_unique<Checked>(Share{i, count}, places_, shares.pipeline);
    takers[i] = [share = shares_[i].get()](std::shared_ptr<ShareLog> log) {
      share->logs.submit(std::move(log));
    };
  }
  return takers;
}

void DataRace::read(const trace::Reader& reader) { dealer_.read(reader); }

// Logging --------------------------------------------------------------------------------------

void DataRace::begin_actor(TaskId task, Epoch epoch, const Order& order) {
  actor_.task = task;
  actor_.epoch = epoch;
  actor_.last_ns = order.task(task).last_ns;
  actor_.position = position_;
}

AccessLog& DataRace::open(const Order& order) {
  actor_.clock = snapshot(order);
  log_->accesses.actors.push_back(actor_);
  return *log_;
}

void DataRace::close() {
  log_->accesses.end_actor();
  if (log_->is_full()) submit();
}

void DataRace::submit() {
  logs_.submit(std::move(log_));
  log_ = pool_.take();
  ++log_number_;
}

// The number in the log of what the actor's task knows. A clock is copied when it has changed.
std::uint32_t DataRace::snapshot(const Order& order) {
  const order::VectorClock& clock = order.clock_of(actor_.task);
  Snapshot& known = snapshots_[actor_.task % snapshots_.size()];
  const bool may_have_begun_anew = order.task(actor_.task).has_ended;
  if (known.task == actor_.task && known.log == log_number_ && known.version == clock.version() &&
      !may_have_begun_anew) {
    return known.clock;
  }
  if (log_->clock_count == log_->clocks.size()) log_->clocks.emplace_back();
  order::VectorClock& copy = log_->clocks[log_->clock_count];
  copy = clock;
  if (copy.is_array()) copy.advance(order.epoch_of(actor_.task).slot, ~Count{0});
  known = {actor_.task, log_->clock_count, clock.version(), log_number_};
  return log_->clock_count++;
}

Origin DataRace::origin_of(const Event& event, std::uint32_t size_bytes) {
  return recent_.number_of({0, event.stack, size_bytes});
}

// An access to few bytes.
void DataRace::log(const Event& event, AccessKind kind, std::uint64_t bytes, const Order& order) {
  const std::uint64_t address = event.object & kMostAddress;
  const LoggedAccess access = {address | LoggedAccess::what(kind, bytes),
                               origin_of(event, static_cast<std::uint32_t>(bytes)), 0};
  open(order).accesses.list.push_back(access);
  close();
}

void DataRace::log(const Event& event, Large large, const Order& order) {
  large.address &= kMostAddress;
  open(order).accesses.push_back(large, large.has_place() ? origin_of(event, 0) : 0, 0);
  close();
}

// What is logged -------------------------------------------------------------------------------

void DataRace::accesses(TaskId task, std::span<const trace::Access> batch, const Order& order) {
  const Epoch epoch = order.epoch_of(task);
  if (epoch.slot >= kSlotLimit || log_ == nullptr) return;
  begin_actor(task, epoch, order);
  Scribe(open(order).accesses, recent_).write(batch);
  close();
  position_ += batch.size();
}

void DataRace::words(const trace::AccessWords& words, const Order& order) {
  const Epoch epoch = order.epoch_of(words.task);
  if (epoch.slot >= kSlotLimit || log_ == nullptr) return;
  begin_actor(words.task, epoch, order);
  AccessLog& log = open(order);
  log.accesses.actors.back().words = static_cast<std::uint32_t>(log.words.size());
  log.words.push_back(words);
  log.undecoded += words.count;
  close();
  position_ += words.count;
}

bool DataRace::wants_after(Effect effect) {
  return effect == Effect::kAtomicReads || effect == Effect::kAtomicWrites ||
         effect == Effect::kAtomicUpdates;
}

bool DataRace::wants_before(Effect effect) {
  return trace::is_of_memory(effect) || effect == Effect::kTolerates ||
         effect == Effect::kFinishes || wants_after(effect);
}

void DataRace::before(const Event& event, const Order& order) {
  if (event.task == 0) return;
  const Effect effect = trace::effect_of(event.kind);
  if (effect == Effect::kFinishes) {
    program_end_ = {event.task, event.time_ns};
    return;
  }
  atomic_epoch_ = order.epoch_of(event.task);
  const bool frees = effect == Effect::kFrees && event.value <= kMostBytes;
  const bool resets = effect == Effect::kAllocates || effect == Effect::kDiscards;
  const bool tolerates = effect == Effect::kTolerates;
  if (!frees && !resets && !tolerates) return;
  if ((frees && atomic_epoch_.slot >= kSlotLimit) || log_ == nullptr) return;
  Large large = {.address = event.object,
                 .bytes = std::clamp<std::uint64_t>(event.value, tolerates ? 0 : 1, kMostBytes),
                 .kind = AccessKind::kFree};
  if (frees && event.value == 0) large.work = Work::kFreeAgain;
  if (resets) large.work = Work::kReset;
  if (tolerates) large.work = Work::kTolerate;
  begin_actor(event.task, atomic_epoch_, order);
  log(event, large, order);
  ++position_;
}

void DataRace::after(const Event& event, const Order& order) {
  const Effect effect = trace::effect_of(event.kind);
  const bool is_read = effect == Effect::kAtomicReads;
  if (event.task == 0 || event.object == 0 || log_ == nullptr) return;
  if (atomic_epoch_.slot >= kSlotLimit) return;
  const std::uint64_t bytes =
      std::clamp<std::uint64_t>(event.value, 1, LoggedAccess::kMostBytesInWord);
  begin_actor(event.task, atomic_epoch_, order);
  log(event, is_read ? AccessKind::kAtomicRead : AccessKind::kAtomicWrite, bytes, order);
  ++position_;
}

void DataRace::add(std::vector<Race> races, const std::vector<Place>& places) {
  for (Race& race : races) {
    for (Cell* cell : {&race.conflict.earlier, &race.conflict.later}) {
      cell->origin = recent_.number_of(places[cell->origin]);
    }
  }
  found_.push_back(std::move(races));
}

void DataRace::settle() {
  if (log_ != nullptr && !log_->accesses.actors.empty()) submit();
  logs_.settle();
}

void DataRace::drop_known(const Order& order) {
  shares_[0]->check.drop_known(order.known_by_all());
}

order::EpochSet DataRace::epochs_in_use() const {
  order::EpochSet epochs;
  for (const std::unique_ptr<Checked>& share : shares_) {
    if (share != nullptr) share->check.add_epochs(epochs);
  }
  return epochs;
}

std::uint64_t DataRace::page_count() const {
  std::uint64_t pages = 0;
  for (const std::unique_ptr<Checked>& share : shares_) {
    if (share != nullptr) pages += share->check.page_count();
  }
  return pages;
}

void DataRace::begin_again() {
  shares_[0]->check.begin_again();
  log_ = pool_.take();
  ++log_number_;
  found_.clear();
  places_.begin_again();
  recent_.begin_again();
  position_ = 0;
}

std::vector<Race> DataRace::finish() {
  settle();
  log_ = nullptr;
  for (const std::unique_ptr<Checked>& share : shares_) {
    if (share != nullptr) found_.push_back(share->check.races());
  }
  return merge_races(found_);
}

}  // namespace raddle::detect
