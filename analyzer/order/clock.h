// SPDX-License-Identifier: Apache-2.0
// Epochs and vector clocks over slots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace raddle::order {

using Slot = std::uint32_t;  // a column of every clock: a chain of tasks of which each is after the
                             // one before
using Count = std::uint32_t;  // place in a slot's chain, from 1

// A stretch of one task between two operations that let others know. count 0: none.
struct Epoch {
  Slot slot = 0;
  Count count = 0;
};

// What is known of each slot: everything up to and with the count. Unnamed slots count 0.
class VectorClock {
 public:
  Count at(Slot slot) const { return slot < counts_.size() ? counts_[slot] : 0; }
  bool covers(Epoch epoch) const { return at(epoch.slot) >= epoch.count; }
  bool is_empty() const { return counts_.empty(); }
  std::size_t width() const { return counts_.size(); }
  void set(Slot slot, Count count);
  void join(const VectorClock& other);  // component-wise maximum
  void clear() { counts_.clear(); }
  void release() { std::vector<Count>().swap(counts_); }  // clears and gives the memory back

 private:
  std::vector<Count> counts_;
};

// The clock of an object, with a stamp that often makes joining it needless: a task that knows the
// stamp's epoch knows the whole clock. That holds because the stamp is the epoch of the task whose
// clock was stored, and because that task began a new epoch right after.
class StampedClock {
 public:
  bool is_empty() const { return clock_.is_empty(); }
  const VectorClock& clock() const { return clock_; }
  void join_into(VectorClock& into) const {
    if (clock_.is_empty() || (stamp_.count != 0 && into.covers(stamp_))) return;
    into.join(clock_);
  }
  void store(const VectorClock& clock, Epoch of) {
    clock_ = clock;
    stamp_ = of;
  }
  void merge(const VectorClock& clock, Epoch of);
  void merge(const StampedClock& other);
  void clear() {
    clock_.clear();
    stamp_ = {};
  }

 private:
  VectorClock clock_;
  Epoch stamp_;
};

}  // namespace raddle::order
