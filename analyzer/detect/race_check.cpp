// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/race_check.h"

#include <algorithm>
#include <tuple>

#include "analyzer/detect/findings.h"

namespace raddle::detect {

using order::VectorClock;

namespace {

constexpr std::size_t kAhead = 12;  // accesses ahead that memory of large ones is fetched
constexpr std::size_t kBehind = 8;  // by as many, a granule comes into the cache

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
  const Place place = places[earlier.origin];
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

// A plain access to few bytes.
[[gnu::always_inline]] inline void RaceCheck::check_plain(std::uint64_t address,
                                                          std::uint64_t bytes, AccessKind kind,
                                                          const LoggedAccess& access,
                                                          const Actor& actor,
                                                          const VectorClock& known) {
  shadow_.access_plain(address, bytes, kind, CellHead::of(actor.epoch), access.origin, known,
                       conflicts_);
  if (!conflicts_.empty()) [[unlikely]]
    add_conflicts(actor, actor.position + access.position, known);
}

[[gnu::always_inline]] inline void RaceCheck::check_small(const LoggedAccess& access,
                                                          Shadow::Granule& granule,
                                                          const Actor& actor,
                                                          const VectorClock& known) {
  if (is_plain(access.kind()) && known.is_array()) [[likely]] {
    shadow_.access_found(granule, access.address(), access.bytes(), access.kind(),
                         CellHead::of(actor.epoch), access.origin, known, conflicts_);
    if (!conflicts_.empty()) [[unlikely]]
      add_conflicts(actor, actor.position + access.position, known);
  } else {
    check_stretch(access.address(), access.bytes(), access.kind(), access, actor, known);
  }
}

void RaceCheck::check_stretch(std::uint64_t address, std::uint64_t bytes, AccessKind kind,
                              const LoggedAccess& access, const Actor& actor,
                              const VectorClock& known) {
  Cell cell;
  CellHead::of(actor.epoch).with(kind, 0).put(cell, access.origin);
  shadow_.access(address, bytes, cell, known, conflicts_);
  if (!conflicts_.empty()) add_conflicts(actor, actor.position + access.position, known);
}

// Finds the granules of the next small accesses; returns how many.
std::size_t RaceCheck::find(std::span<const LoggedAccess> accesses) {
  const std::size_t most = std::min(accesses.size(), found_.size());
  std::size_t count = 0;
  for (; count < most && accesses[count].bytes() != 0; ++count) {
    found_[count] = &shadow_.find(accesses[count].address());
    if (count >= kBehind) shadow_.prefetch_crowd(*found_[count - kBehind]);
  }
  return count;
}

void RaceCheck::run(const Accesses& log, std::span<const VectorClock> clocks) {
  const std::span accesses(log.list.data(), log.list.size());
  std::size_t next = 0;
  std::size_t found = 0;  // from where on and up to where granules are found
  std::size_t found_end = 0;
  for (const Actor& actor : log.actors) {
    const VectorClock& known = clocks[actor.clock];
    while (next < actor.end) {
      if (next == found_end) {
        found = next;
        found_end = next + find(accesses.subspan(next));
      }
      const std::size_t end = std::min<std::size_t>(actor.end, found_end);
      for (; next < end; ++next) check_small(accesses[next], *found_[next - found], actor, known);
      if (next == actor.end || accesses[next].bytes() != 0) continue;
      prefetch_large(accesses.subspan(next), log.large);
      const LoggedAccess& access = accesses[next++];
      run_large(log.large[access.address()], access, actor, known);
      found_end = next;
    }
  }
}

void RaceCheck::prefetch_large(std::span<const LoggedAccess> accesses,
                               std::span<const Large> large) {
  if (accesses.size() <= kAhead) return;
  const LoggedAccess& ahead = accesses[kAhead];
  if (ahead.bytes() == 0) shadow_.prefetch(large[ahead.address()].address);
}

void RaceCheck::begin_again() {
  shadow_.begin_again();
  benign_ = {};
  races_.clear();
  numbers_.clear();
}

void RaceCheck::run_large(const Large& large, const LoggedAccess& access, const Actor& actor,
                          const VectorClock& known) {
  switch (large.work) {
    case Work::kAccess:
      return check_large(large, access, actor, known);
    case Work::kFreeAgain:
      if (!shadow_.is_freed(large.address)) return;
      return check_large(large, access, actor, known);
    case Work::kTolerate:
      return benign_.add(large.address, large.bytes);
    case Work::kReset:
      benign_.forget(large.address, large.bytes);
      return shadow_.reset(large.address, large.bytes);
  }
}

void RaceCheck::check_large(const Large& large, const LoggedAccess& access, const Actor& actor,
                            const VectorClock& known) {
  const auto for_each = [&large](auto&& check) {
    std::uint64_t element = large.address;
    for (std::uint64_t i = 0; i < large.count; ++i) {
      check(element & kMostAddress, large.bytes);
      element += static_cast<std::uint64_t>(large.stride_bytes);
    }
  };
  const auto check_ours = [&](auto&& check) {
    if (share_.is_all() || large.is_in_block()) return for_each(check);
    for_each([&](std::uint64_t element, std::uint64_t element_bytes) {
      cut(element, element_bytes, [&](std::uint64_t address, std::uint64_t bytes) {
        if (share_.has(address)) check(address, bytes);
      });
    });
  };
  if (is_plain(large.kind) && large.bytes <= Shadow::kFewBytes && known.is_array()) {
    return check_ours([&](std::uint64_t address, std::uint64_t bytes) {
      check_plain(address, bytes, large.kind, access, actor, known);
    });
  }
  check_ours([&](std::uint64_t address, std::uint64_t bytes) {
    check_stretch(address, bytes, large.kind, access, actor, known);
  });
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
