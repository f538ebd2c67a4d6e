// SPDX-License-Identifier: Apache-2.0
// Checks logs of accesses to one share of all memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/detect/access_log.h"
#include "analyzer/detect/benign.h"
#include "analyzer/detect/places.h"
#include "analyzer/detect/shadow.h"
#include "analyzer/detect/share.h"
#include "analyzer/order/flat_map.h"

namespace raddle::detect {

// A conflict, and what was known when it was met: enough to tell it at the end.
struct Race {
  Conflict conflict;
  trace::TaskId task = 0;      // of the later access
  std::int64_t last_ns = 0;    // of that task's last event before it
  order::Count known = 0;      // what that task knew of the earlier access's slot
  std::uint64_t position = 0;  // of the later access in the run
  std::uint32_t number = 0;    // among the conflicts of that access, by address and place
  std::uint64_t count = 1;     // how often accesses from these two places met

  std::uint64_t key() const;  // equal for the same kind of finding at the same places
};

class RaceCheck {
 public:
  // Of logs it checks what the share has. `places`: of the accesses; outlive it.
  RaceCheck(Share share, const Places& places) : share_(share), places_(places) {}

  // Clocks by Actor::clock (AccessLog::clocks).
  void run(const Accesses& accesses, std::span<const order::VectorClock> clocks);
  // Forgets the log, and keeps the memory that it has: for another run.
  void begin_again();
  // One for each pair of places: the first met, in the order of the run and then of addresses.
  const std::vector<Race>& races() const { return races_; }
  std::uint64_t page_count() const { return shadow_.page_count(); }
  // As Shadow::drop_known.
  void drop_known(std::span<const order::Count> known) { shadow_.drop_known(known); }
  // Those that a race, found or still to be found, may be told of.
  void add_epochs(order::EpochSet& epochs) const;

 private:
  void check_plain(std::uint64_t address, std::uint64_t bytes, AccessKind kind,
                   const LoggedAccess& access, const Actor& actor, const order::VectorClock& known);
  std::size_t find(std::span<const LoggedAccess> accesses);
  void check_small(const LoggedAccess& access, Shadow::Granule& granule, const Actor& actor,
                   const order::VectorClock& known);
  void prefetch_large(std::span<const LoggedAccess> accesses, std::span<const Large> large);
  void run_large(const Large& large, const LoggedAccess& access, const Actor& actor,
                 const order::VectorClock& known);
  void check_large(const Large& large, const LoggedAccess& access, const Actor& actor,
                   const order::VectorClock& known);
  void check_stretch(std::uint64_t address, std::uint64_t bytes, AccessKind kind,
                     const LoggedAccess& access, const Actor& actor,
                     const order::VectorClock& known);
  void add_conflicts(const Actor& actor, std::uint64_t position, const order::VectorClock& known);

  const Share share_;
  const Places& places_;
  Shadow shadow_;
  std::array<Shadow::Granule*, 32> found_{};  // of the accesses that come next
  BenignRanges benign_;
  Conflicts conflicts_;
  std::vector<Race> races_;
  order::FlatMap numbers_;  // Race::key → index into races_
};

// Puts the races of several shares together: as if one had checked all.
std::vector<Race> merge_races(const std::vector<std::vector<Race>>& shares);

}  // namespace raddle::detect
