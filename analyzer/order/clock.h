// SPDX-License-Identifier: Apache-2.0
// Epochs and vector clocks over slots.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/order/count_tree.h"

namespace raddle::order {

class EpochSet;

using Slot = std::uint32_t;  // a column of every clock: a chain of tasks of which each is after the
                             // one before
using Count = std::uint32_t;  // place in a slot's chain, from 1

// A stretch of one task between two operations that let others know. count 0: none.
struct Epoch {
  Slot slot = 0;
  Count count = 0;
};

// What is known of each slot: everything up to and with the count. Unnamed slots count 0.
//
// Kept as an array over slots where most are named or slots are few, else as a sorted list: a task
// in slot 20 000 that knows nobody must not cost 80 kB. One that names very many is a tree, of
// which clocks that know nearly the same have most in common.
class VectorClock {
 public:
  VectorClock() = default;
  VectorClock(const VectorClock&) = default;
  VectorClock(VectorClock&&) noexcept = default;
  VectorClock& operator=(VectorClock&&) noexcept = default;
  ~VectorClock() = default;
  VectorClock& operator=(const VectorClock& other) {
    if (counts_.size() != other.counts_.size() || !has_array_only() || !other.has_array_only()) {
      return assign(other);
    }
    std::copy_n(other.counts_.data(), counts_.size(), counts_.data());
    version_ = other.version_;
    return *this;
  }

  Count at(Slot slot) const {
    if (slot < counts_.size()) return counts_[slot];
    return has_array_only() ? 0 : at_sparse(slot);
  }
  bool is_tree() const { return !tree_.is_empty(); }
  bool covers(Epoch epoch) const { return at(epoch.slot) >= epoch.count; }
  bool covers_all(std::span<const Count> counts) const;  // an epoch of each slot, from 0 on
  // All of it, by slot, if it is kept as an array; a slot behind the last counts 0.
  bool is_array() const { return has_array_only(); }
  std::span<const Count> array() const { return counts_; }
  bool is_empty() const { return counts_.empty() && has_array_only(); }
  void set(Slot slot, Count count);
  // As set, for what the clock's own task does: version() stays.
  void advance(Slot slot, Count count) {
    if (slot < counts_.size()) {
      counts_[slot] = count;
      return;
    }
    const std::uint64_t version = version_;
    set(slot, count);
    version_ = version;
  }
  // Changes with what is known of others.
  std::uint64_t version() const { return version_; }
  void join(const VectorClock& other);  // component-wise maximum
  void clear() {
    counts_.clear();
    entries_.clear();
    tree_ = {};
    ++version_;
  }
  void release() { *this = {}; }  // clears and gives the memory back
  // How many slots add_next() would name.
  std::uint64_t width() const { return counts_.size() + entries_.size(); }
  // Adds of each slot of which it knows something the first epoch that it does not know. Not of a
  // tree.
  void add_next(EpochSet& epochs) const;

 private:
  struct Entry {
    Slot slot;
    Count count;
  };
  VectorClock& assign(const VectorClock& other);
  bool has_array_only() const { return entries_.empty() && !is_tree(); }
  Count at_sparse(Slot slot) const;
  void set_sparse(Slot slot, Count count);
  void join_sparse(const VectorClock& other);
  void make_sparse();
  void make_dense_if_worth();
  void make_tree();
  void join_tree(const VectorClock& other);
  template <typename F>
  void for_each(F f) const;  // of array and list: f(slot, count)

  // All but one of these are empty.
  std::vector<Count> counts_;   // dense: by slot
  std::vector<Entry> entries_;  // sparse: by rising slot
  CountTree tree_;
  std::uint64_t version_ = 0;
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
