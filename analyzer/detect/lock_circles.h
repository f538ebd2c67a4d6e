// SPDX-License-Identifier: Apache-2.0
// Requests for locks by tasks that hold others, and which of them make a circle: requests of
// different tasks, each wants what the next holds, none shares a lock with another (a gate keeps
// them apart), and nothing but locks orders any two. Locks order a run by chance; forks, joins,
// channels and the like order every run that keeps them. (Goodlock's rules, Bensalem and Havelund
// 2005, with happens-before without locks in place of their segments.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "analyzer/detect/reordering.h"
#include "analyzer/order/order.h"
#include "trace/event.h"

namespace raddle::detect {

struct LockRequest {
  trace::Event event;
  order::ObjectNumber lock = 0;
  bool is_shared = false;
  std::vector<order::Holding> held;
  order::Epoch epoch;  // in the order without locks, and what it knows
  order::VectorClock clock;
  Reordering::Moment moment;  // position 0: nobody asks what had to happen before
};

class LockCircles {
 public:
  using Circle = std::span<const LockRequest* const>;

  // Of one task's requests for the same lock with the same holdings the first are kept, and the
  // latest.
  void add(LockRequest request);
  // Each circle, from its task with the smallest number on.
  void find(const std::function<void(Circle)>& see);
  void clear() { kept_.clear(); }

 private:
  // Those that differ only in when.
  struct Kept {
    std::vector<LockRequest> some;
    std::size_t next = 0;  // to be replaced
  };

  void extend(std::vector<const LockRequest*>& path, const std::function<void(Circle)>& see);

  std::unordered_map<std::uint64_t, Kept> kept_;
  std::unordered_map<order::ObjectNumber, std::vector<const LockRequest*>> holding_;  // by what
  std::uint64_t steps_ = 0;
};

}  // namespace raddle::detect
