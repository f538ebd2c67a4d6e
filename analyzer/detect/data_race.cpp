// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/data_race.h"

#include <algorithm>
#include <utility>

namespace raddle::detect {

using order::Epoch;
using order::Order;
using trace::Effect;
using trace::Event;
using trace::TaskId;

DataRace::DataRace(const Shares& shares) : shares_(std::max(shares.count, 1u)) {
  const auto count = static_cast<unsigned>(shares_.size());
  for (unsigned i = 0; i < count; ++i) {
    if (shares.only != Shares::kAll && std::cmp_not_equal(shares.only, i)) continue;
    shares_[i].worker = std::make_unique<RaceWorker>(Share{i, count}, shares.threads);
    shares_[i].log = &shares_[i].worker->log();
  }
}

void DataRace::read(const trace::Reader& reader) {
  takes_words_ = true;
  for (Checked& share : shares_) {
    if (share.worker) share.worker->read(reader);
  }
}

// Logging --------------------------------------------------------------------------------------

void DataRace::begin_actor(TaskId task, Epoch epoch, const Order& order) {
  actor_.task = task;
  actor_.epoch = epoch;
  actor_.last_ns = order.task(task).last_ns;
  actor_.position = position_;
}

AccessLog& DataRace::open(Checked& share, const Order& order) {
  actor_.clock = snapshot(share, order);
  share.log->actors.push_back(actor_);
  return *share.log;
}

void DataRace::close(Checked& share) {
  share.log->actors.back().end = static_cast<std::uint32_t>(share.log->accesses.size());
  if (share.log->is_full()) submit(share);
}

void DataRace::submit(Checked& share) {
  share.worker->submit();
  share.log = &share.worker->log();
  ++share.log_number;
}

// The number in the log of what the actor's task knows. A clock is copied when it has changed.
std::uint32_t DataRace::snapshot(Checked& share, const Order& order) const {
  const order::VectorClock& clock = order.clock_of(actor_.task);
  Snapshot& known = share.snapshots[actor_.task % share.snapshots.size()];
  const bool may_have_begun_anew = order.task(actor_.task).has_ended;
  if (known.task == actor_.task && known.log == share.log_number &&
      known.version == clock.version() && !may_have_begun_anew) {
    return known.clock;
  }
  AccessLog& log = *share.log;
  if (log.clock_count == log.clocks.size()) log.clocks.emplace_back();
  log.clocks[log.clock_count] = clock;
  known = {actor_.task, log.clock_count, clock.version(), share.log_number};
  return log.clock_count++;
}

template <typename F>
void DataRace::log_in(Checked& share, const Order& order, F&& put) {
  if (share.log == nullptr) return;
  put(open(share, order));
  close(share);
}

// Beside words, places are numbered by who checks them.
Origin DataRace::origin_of(const Event& event, std::uint32_t size_bytes) {
  if (takes_words_) return event.stack;
  return shares_[0].worker->places().number_of({0, event.stack, size_bytes});
}

// An access to few bytes.
void DataRace::log(const Event& event, AccessKind kind, std::uint64_t bytes, const Order& order) {
  const std::uint64_t address = event.object & kMostAddress;
  if (!is_in_block(address, bytes)) {
    return log(event, Large{.address = address, .bytes = bytes, .kind = kind}, order);
  }
  const LoggedAccess access = {address | LoggedAccess::what(kind, bytes),
                               origin_of(event, static_cast<std::uint32_t>(bytes)), 0};
  const unsigned share = share_of(address, static_cast<unsigned>(shares_.size()));
  log_in(shares_[share], order, [&](AccessLog& log) { log.accesses.push_back(access); });
}

// Each share takes what it has of it.
void DataRace::log(const Event& event, Large large, const Order& order) {
  large.address &= kMostAddress;
  const Origin origin = large.has_place() ? origin_of(event, 0) : 0;
  const auto put = [&](AccessLog& log) { log.push_back(large, origin, 0); };
  if (is_in_block(large.address, std::max<std::uint64_t>(large.bytes, 1))) {
    const unsigned share = share_of(large.address, static_cast<unsigned>(shares_.size()));
    return log_in(shares_[share], order, put);
  }
  for (Checked& share : shares_) log_in(share, order, put);
}

// What is logged -------------------------------------------------------------------------------

void DataRace::accesses(TaskId task, std::span<const trace::Access> batch, const Order& order) {
  const Epoch epoch = order.epoch_of(task);
  if (epoch.slot >= kSlotLimit) return;
  begin_actor(task, epoch, order);
  Checked& share = shares_[0];
  Scribe({}, open(share, order), share.worker->places()).write(batch);
  close(share);
  position_ += batch.size();
}

void DataRace::words(const trace::AccessWords& words, const Order& order) {
  const Epoch epoch = order.epoch_of(words.task);
  if (epoch.slot >= kSlotLimit) return;
  begin_actor(words.task, epoch, order);
  for (Checked& share : shares_) {
    if (share.log == nullptr) continue;
    AccessLog& log = open(share, order);
    log.actors.back().words = static_cast<std::uint32_t>(log.words.size());
    log.words.push_back(words);
    log.undecoded += words.count;
    close(share);
  }
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
  if (frees && atomic_epoch_.slot >= kSlotLimit) return;
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
  if (event.task == 0 || event.object == 0 || atomic_epoch_.slot >= kSlotLimit) return;
  const std::uint64_t bytes =
      std::clamp<std::uint64_t>(event.value, 1, LoggedAccess::kMostBytesInWord);
  begin_actor(event.task, atomic_epoch_, order);
  log(event, is_read ? AccessKind::kAtomicRead : AccessKind::kAtomicWrite, bytes, order);
  ++position_;
}

void DataRace::add(std::vector<Race> races, const std::vector<Place>& places) {
  for (Race& race : races) {
    for (Cell* cell : {&race.conflict.earlier, &race.conflict.later}) {
      cell->origin = places_.number_of(places[cell->origin]);
    }
  }
  found_.push_back(std::move(races));
}

void DataRace::settle() {
  for (Checked& share : shares_) {
    if (share.worker == nullptr) continue;
    if (!share.log->actors.empty()) submit(share);
  }
  for (Checked& share : shares_) {
    if (share.worker != nullptr) share.worker->drain();
  }
}

void DataRace::drop_known(const Order& order) {
  shares_[0].worker->check().drop_known(order.known_by_all());
}

order::EpochSet DataRace::epochs_in_use() const {
  order::EpochSet epochs;
  for (const Checked& share : shares_) {
    if (share.worker != nullptr) share.worker->check().add_epochs(epochs);
  }
  return epochs;
}

std::uint64_t DataRace::page_count() const {
  std::uint64_t pages = 0;
  for (const Checked& share : shares_) {
    if (share.worker != nullptr) pages += share.worker->check().page_count();
  }
  return pages;
}

void DataRace::begin_again() {
  Checked& share = shares_[0];
  share.worker->begin_again();
  share.log = &share.worker->log();
  ++share.log_number;
  found_.clear();
  places_.begin_again();
  position_ = 0;
}

std::vector<Race> DataRace::finish() {
  for (Checked& share : shares_) {
    if (share.worker) add(share.worker->finish(), share.worker->places().all());
    share.log = nullptr;
  }
  return merge_races(found_);
}

}  // namespace raddle::detect
