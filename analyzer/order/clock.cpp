// SPDX-License-Identifier: Apache-2.0
#include "analyzer/order/clock.h"

#include <algorithm>

namespace raddle::order {

void VectorClock::set(Slot slot, Count count) {
  if (slot >= counts_.size()) counts_.resize(slot + 1);
  counts_[slot] = count;
}

void VectorClock::join(const VectorClock& other) {
  const std::size_t width = other.counts_.size();
  if (width > counts_.size()) counts_.resize(width);
  Count* to = counts_.data();
  const Count* from = other.counts_.data();
  for (std::size_t i = 0; i < width; ++i) to[i] = std::max(to[i], from[i]);
}

void StampedClock::merge(const VectorClock& clock, Epoch of) {
  if (clock_.is_empty() || (stamp_.count != 0 && clock.covers(stamp_))) {
    store(clock, of);
    return;
  }
  clock_.join(clock);
  stamp_ = {};
}

void StampedClock::merge(const StampedClock& other) {
  if (other.is_empty()) return;
  if (clock_.is_empty()) {
    *this = other;
    return;
  }
  clock_.join(other.clock_);
  stamp_ = {};
}

}  // namespace raddle::order
