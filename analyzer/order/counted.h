// SPDX-License-Identifier: Apache-2.0
// Objects that count: the permits of a semaphore, and who has arrived in a barrier's round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "analyzer/order/clock.h"
#include "trace/event.h"

namespace raddle::order {

// A semaphore's permits, taken in the order in which they were given: the n-th acquire is behind
// the n-th permit, the initial ones first. Any other assignment that gives before it takes would
// serve: each schedule that keeps its edges has a permit for every acquire, so it may happen, and
// two accesses that such edges leave unordered can meet.
//
// A semaphore whose creation was not seen (or that other processes use) has permits that nobody
// knows of: each acquire is behind all releases before it.
class Permits {
 public:
  void begin(std::uint64_t initial);
  void give(const VectorClock& clock, Epoch of, std::uint64_t count);
  void take_into(VectorClock& clock);
  // Calls f(clock) for each that somebody may still learn of.
  template <typename F>
  void for_each_clock(F f) const {
    for (const Given& given : given_) f(given.clock.clock());
    f(all_.clock());
  }

 private:
  struct Given {
    StampedClock clock;
    std::uint64_t count = 0;
  };
  bool are_known_ = false;
  std::uint64_t initial_ = 0;
  std::deque<Given> given_;  // oldest first
  StampedClock all_;         // of those that are not told apart
};

// A barrier's rounds. The first to leave closes the round of all who have arrived since the last
// one was closed: each of its own round is among them, because arrivals are recorded before the
// barrier counts them. If they are as many as the barrier is for, they are exactly its round. If
// they are more (or it is not known for how many it is), more tasks use the barrier than one round
// takes, and who belongs to whom cannot be told: from then on who leaves is behind all who came.
class Rounds {
 public:
  // Tasks may be in a round already that nobody has told of.
  void begin_late() { are_exact_ = false; }
  void arrive(trace::TaskId task, const VectorClock& clock, Epoch of, std::uint64_t wanted);
  void leave_into(trace::TaskId task, VectorClock& clock);
  // As Permits.
  template <typename F>
  void for_each_clock(F f) const {
    f(open_.clock());
    for (const auto& [task, round] : closed_) f(round->clock());
  }

 private:
  void close();

  bool are_exact_ = true;
  std::uint64_t wanted_ = 0;
  std::vector<trace::TaskId> arrived_;  // in the open round
  StampedClock open_;                   // theirs; of all who came, if not exact
  std::unordered_map<trace::TaskId, std::shared_ptr<const StampedClock>>
      closed_;  // who has to leave
};

struct Counted {
  Permits permits;
  Rounds rounds;
};

}  // namespace raddle::order
