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

namespace {

constexpr std::uint32_t kExactSize = 64;  // bytes up to which a place's size is told

// What no real program does, but damage may claim: it must cost neither hours nor all memory.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 34;     // of a range
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 26;  // of a strided one

bool is_sane(const trace::Access& access) {
  if (access.size_bytes == 0 || access.count == 0) return false;
  if (access.count > kMostBytes / access.size_bytes) return false;
  return access.stride_bytes == access.size_bytes || access.count <= kMostElements;
}

// One element of it, as yet without a place.
void describe(const trace::Access& access, std::uint32_t position, LoggedAccess& logged) {
  logged.address = access.address & kMostAddress;
  logged.bytes = access.size_bytes;
  logged.position = position;
  logged.kind = access.is_write ? AccessKind::kWrite : AccessKind::kRead;
}

}  // namespace

DataRace::DataRace(const Shares& shares) : shares_(std::max(shares.count, 1u)) {
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    if (shares.only != Shares::kAll && std::cmp_not_equal(shares.only, i)) continue;
    shares_[i].worker = std::make_unique<RaceWorker>(shares.threads);
    shares_[i].log = &shares_[i].worker->log();
  }
}

// Logging --------------------------------------------------------------------------------------

void DataRace::begin_actor(TaskId task, Epoch epoch, const Order& order) {
  actor_.task = task;
  actor_.epoch = epoch;
  actor_.last_ns = order.task(task).last_ns;
  actor_.position = position_;
}

void DataRace::end_actor() {
  for (Share& share : shares_) {
    if (share.has_actor) close(share);
    if (share.log != nullptr && share.log->is_full()) submit(share);
  }
}

void DataRace::close(Share& share) {
  share.has_actor = false;
  if (share.log == nullptr) return;
  share.log->actors.back().end = static_cast<std::uint32_t>(share.log->accesses.size());
}

void DataRace::submit(Share& share) {
  share.worker->submit();
  share.log = &share.worker->log();
  ++share.log_number;
}

void DataRace::open(Share& share, const Order& order) {
  share.has_actor = true;
  if (share.log == nullptr) return;
  actor_.clock = snapshot(share, order);
  share.log->actors.push_back(actor_);
}

// The number in the log of what the actor's task knows. A clock is copied when it has changed.
std::uint32_t DataRace::snapshot(Share& share, const Order& order) const {
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

// Cuts a stretch where the shares do.
void DataRace::log(LoggedAccess access, const Order& order) {
  access.address &= kMostAddress;
  if (shares_.size() == 1) return log_one(access, shares_[0], order);
  const std::uint64_t end = access.address + access.bytes;
  while (access.address < end) {
    const std::uint64_t block_end = ((access.address >> kBlockBits) + 1) << kBlockBits;
    access.bytes = std::min(end, block_end) - access.address;
    Share& share = shares_[share_of(access.address)];
    log_one(access, share, order);
    if (share.log != nullptr && share.log->is_full()) {  // a large stretch has many pieces
      close(share);
      submit(share);
    }
    access.address += access.bytes;
  }
}

// One record for all elements if one share has them all.
void DataRace::log_strided(const trace::Access& access, LoggedAccess logged, const Order& order) {
  if (shares_.size() == 1 && shares_[0].log != nullptr) {
    std::vector<Elements>& elements = shares_[0].log->elements;
    logged.work = Work::kElements;
    logged.elements = static_cast<std::uint32_t>(elements.size());
    elements.push_back({access.count, access.stride_bytes});
    return log_one(logged, shares_[0], order);
  }
  for (std::uint64_t i = 0; i < access.count; ++i) {
    log(logged, order);
    logged.address += static_cast<std::uint64_t>(access.stride_bytes);
  }
}

void DataRace::log_other(const trace::Access& access, LoggedAccess logged, const Order& order) {
  if (!is_sane(access)) return;
  const std::uint32_t size = access.size_bytes <= kExactSize ? access.size_bytes : 0;
  logged.origin = places_.number_of({access.site, access.stack, size});
  if (access.count == 1 || access.stride_bytes == access.size_bytes) {  // without holes
    logged.bytes *= access.count;
    log(logged, order);
  } else {
    log_strided(access, logged, order);
  }
}

// What is logged -------------------------------------------------------------------------------

void DataRace::accesses(TaskId task, std::span<const trace::Access> batch, const Order& order) {
  const Epoch epoch = order.epoch_of(task);
  if (epoch.slot >= kSlotLimit) return;
  begin_actor(task, epoch, order);
  log_all(batch, order);
  end_actor();
  position_ += batch.size();
}

// Nearly all accesses of most runs come here, and nearly all are plain.
void DataRace::log_all(std::span<const trace::Access> batch, const Order& order) {
  constexpr std::uint64_t kBlockMask = (std::uint64_t{1} << kBlockBits) - 1;
  for (std::uint32_t i = 0; i < batch.size(); ++i) {
    const trace::Access& access = batch[i];
    const bool is_plain = access.count == 1 && access.size_bytes - 1 < kExactSize;
    const bool is_undivided =
        shares_.size() == 1 || (access.address & kBlockMask) + access.size_bytes <= kBlockMask + 1;
    if (!is_plain || !is_undivided) [[unlikely]] {
      log_any(access, i, order);
      continue;
    }
    const Origin origin = places_.number_of({access.site, access.stack, access.size_bytes});
    Share& share = shares_[share_of(access.address & kMostAddress)];
    if (!share.has_actor) open(share, order);
    if (share.log == nullptr) continue;
    // Made where it stays: to copy it at once would wait for each of its fields to reach the cache.
    LoggedAccess& logged = share.log->accesses.emplace_back();
    describe(access, i, logged);
    logged.origin = origin;
  }
}

void DataRace::log_any(const trace::Access& access, std::uint32_t position, const Order& order) {
  LoggedAccess logged;
  describe(access, position, logged);
  if (access.count != 1 || access.size_bytes - 1 >= kExactSize) {
    return log_other(access, logged, order);
  }
  logged.origin = places_.number_of({access.site, access.stack, access.size_bytes});
  log(logged, order);
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
  LoggedAccess logged;
  logged.address = event.object;
  logged.bytes = std::clamp<std::uint64_t>(event.value, tolerates ? 0 : 1, kMostBytes);
  logged.kind = AccessKind::kFree;
  if (frees && event.value == 0) logged.work = Work::kFreeAgain;
  if (frees) logged.origin = places_.number_of({0, event.stack, 0});
  if (resets) logged.work = Work::kReset;
  if (tolerates) logged.work = Work::kTolerate;
  begin_actor(event.task, atomic_epoch_, order);
  log(logged, order);
  end_actor();
  ++position_;
}

void DataRace::after(const Event& event, const Order& order) {
  const Effect effect = trace::effect_of(event.kind);
  const bool is_read = effect == Effect::kAtomicReads;
  if (event.task == 0 || event.object == 0 || atomic_epoch_.slot >= kSlotLimit) return;
  LoggedAccess logged;
  logged.address = event.object;
  logged.bytes = std::clamp<std::uint64_t>(event.value, 1, 64);
  logged.kind = is_read ? AccessKind::kAtomicRead : AccessKind::kAtomicWrite;
  logged.origin = places_.number_of({0, event.stack, static_cast<std::uint32_t>(logged.bytes)});
  begin_actor(event.task, atomic_epoch_, order);
  log(logged, order);
  end_actor();
  ++position_;
}

void DataRace::add(std::vector<Race> races, const std::vector<Place>& places) {
  for (Race& race : races) {
    for (Cell* cell : {&race.conflict.earlier, &race.conflict.later}) {
      cell->origin = places_.number_of(places[cell->origin]);
    }
  }
  added_.push_back(std::move(races));
}

const std::vector<Race>& DataRace::races_so_far() {
  if (!shares_[0].log->accesses.empty()) submit(shares_[0]);
  return checked_races();
}

void DataRace::drop_known(const Order& order) {
  races_so_far();  // whatever is logged was known less of
  shares_[0].worker->check().drop_known(order.known_by_all());
}

order::EpochSet DataRace::epochs_in_use() {
  races_so_far();
  order::EpochSet epochs;
  shares_[0].worker->check().add_epochs(epochs);
  return epochs;
}

void DataRace::begin_again() {
  Share& share = shares_[0];
  share.worker->begin_again();
  share.log = &share.worker->log();
  ++share.log_number;
  places_.begin_again();
  position_ = 0;
}

std::vector<Race> DataRace::finish() {
  std::vector<std::vector<Race>> found = std::move(added_);
  for (Share& share : shares_) {
    if (share.worker) found.push_back(share.worker->finish());
    share.log = nullptr;
  }
  return merge_races(found);
}

}  // namespace raddle::detect
