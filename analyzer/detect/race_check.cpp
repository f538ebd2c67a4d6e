// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/race_check.h"

#include <algorithm>
#include <tuple>

#include "analyzer/detect/findings.h"

namespace raddle::detect {

using order::VectorClock;

namespace {

constexpr std::size_t kAhead = 12;  // accesses ahead that memory is fetched
constexpr std::size_t kFew = 512;   // accesses: what they meet is in the cache soon

bool comes_before(const Race& a, const Race& b) {
  return std::tuple(a.position, a.conflict.address, a.number) <
         std::tuple(b.position, b.conflict.address, b.number);
}

// One more sight of a race that is known already: the earlier one is told.
void join(Race& known, const Race& race) {
  const std::uint64_t count = known.count + race.count;
  if (comes_before(race, known)) known = race;
  known.count = count;
}

void add(const Race& race, std::vector<Race>& races, order::FlatMap& numbers) {
  const std::uint64_t key = race.key();
  if (const std::uint32_t* number = numbers.find(key)) return join(races[*number], race);
  numbers.at(key) = static_cast<std::uint32_t>(races.size());
  races.push_back(race);
}

// Not in the order of the cells, which depends on what was forgotten, nor of the places' numbers,
// which each share has its own of. Those that one access meets of another one in several granules
// of a block lie side by side; in each block anew, which may be another share's.
auto sight_of(const Conflict& conflict, const Places& places) {
  const Cell& earlier = conflict.earlier;
  const Place& place = places[earlier.origin];
  return std::tuple(conflict.address >> kBlockBits, place.site, place.stack, place.size_bytes,
                    std::uint32_t{earlier.slot}, earlier.count, std::uint32_t{earlier.kind});
}

}  // namespace

std::uint64_t Race::key() const {
  const auto [low, high] = std::minmax(conflict.earlier.origin, conflict.later.origin);
  return key_of(conflict.is_free() ? FindingKind::kHeapUseAfterFree : FindingKind::kDataRace, low,
                high);
}

void RaceCheck::add_epochs(order::EpochSet& epochs) const {
  shadow_.add_epochs(epochs);
  for (const Race& race : races_) {
    const Cell& earlier = race.conflict.earlier;
    epochs.add({earlier.slot, earlier.count});
    epochs.add({earlier.slot, race.known + 1});
    epochs.add({race.conflict.later.slot, race.conflict.later.count});
  }
}

// A stretch, or one element.
[[gnu::always_inline]] inline void RaceCheck::check(std::uint64_t address,
                                                    const LoggedAccess& access, const Actor& actor,
                                                    const VectorClock& known) {
  if (is_plain(access.kind) && access.bytes <= Shadow::kFewBytes && known.is_array()) [[likely]] {
    shadow_.access_plain(address, access.bytes, access.kind, CellHead::of(actor.epoch),
                         access.origin, known, conflicts_);
  } else {
    Cell cell;
    CellHead::of(actor.epoch).with(access.kind, 0).put(cell, access.origin);
    shadow_.access(address, access.bytes, cell, known, conflicts_);
  }
  if (!conflicts_.empty()) [[unlikely]]
    add_conflicts(actor, actor.position + access.position, known);
}

void RaceCheck::run(const AccessLog& log) {
  const std::size_t count = log.accesses.size();
  const LoggedAccess* const accesses = log.accesses.data();
  const std::size_t fetched = count > kFew ? count - kAhead : 0;  // up to there
  std::size_t next = 0;
  for (const Actor& actor : log.actors) {
    const VectorClock& known = log.clocks[actor.clock];
    const std::size_t end = actor.end;
    for (; next < end; ++next) {
      if (next < fetched) {
        shadow_.prefetch(accesses[next + kAhead].address);
        shadow_.prefetch_crowd(accesses[next + kAhead / 2].address);
      }
      const LoggedAccess& access = accesses[next];
      if (access.work == Work::kStretch) [[likely]] {
        check(access.address, access, actor, known);
      } else {
        run_other(access, actor, log);
      }
    }
  }
}

void RaceCheck::begin_again() {
  shadow_.begin_again();
  benign_ = {};
  races_.clear();
  numbers_.clear();
}

void RaceCheck::run_other(const LoggedAccess& access, const Actor& actor, const AccessLog& log) {
  const VectorClock& known = log.clocks[actor.clock];
  switch (access.work) {
    case Work::kStretch:
      return check(access.address, access, actor, known);
    case Work::kFreeAgain:
      if (!shadow_.is_freed(access.address)) return;
      return check(access.address, access, actor, known);
    case Work::kTolerate:
      return benign_.add(access.address, access.bytes);
    case Work::kReset:
      benign_.forget(access.address, access.bytes);
      return shadow_.reset(access.address, access.bytes);
    case Work::kElements:
      break;
  }
  const Elements& elements = log.elements[access.elements];
  std::uint64_t address = access.address;
  for (std::uint64_t i = 0; i < elements.count; ++i) {
    check(address & kMostAddress, access, actor, known);
    address += static_cast<std::uint64_t>(elements.stride_bytes);
  }
}

void RaceCheck::add_conflicts(const Actor& actor, std::uint64_t position,
                              const VectorClock& known) {
  const auto comes_first = [this](const Conflict& a, const Conflict& b) {
    return std::pair(sight_of(a, places_), a.address) < std::pair(sight_of(b, places_), b.address);
  };
  if (conflicts_.size() > 1) std::ranges::sort(conflicts_, comes_first);
  std::uint32_t number = 0;
  const Conflict* last = nullptr;
  for (const Conflict& conflict : conflicts_) {
    const Cell& earlier = conflict.earlier;
    if (!conflict.is_free() && benign_.contains(conflict.address)) continue;
    if (last != nullptr && sight_of(*last, places_) == sight_of(conflict, places_)) continue;
    last = &conflict;
    // Of its own slot its clock, copied earlier, may be behind.
    const bool is_own = earlier.slot == conflict.later.slot;
    Race race;
    race.number = number++;
    race.conflict = conflict;
    race.task = actor.task;
    race.last_ns = actor.last_ns;
    race.known = is_own ? conflict.later.count : known.at(earlier.slot);
    race.position = position;
    add(race, races_, numbers_);
  }
  conflicts_.clear();
}

std::vector<Race> merge_races(const std::vector<std::vector<Race>>& shares) {
  std::vector<Race> races;
  order::FlatMap numbers;
  for (const std::vector<Race>& share : shares) {
    for (const Race& race : share) add(race, races, numbers);
  }
  std::ranges::sort(races, comes_before);
  return races;
}

}  // namespace raddle::detect
