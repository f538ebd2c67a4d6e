// SPDX-License-Identifier: Apache-2.0
#include "analyzer/order/clock.h"

#include <algorithm>

#include "analyzer/order/epoch_set.h"

namespace raddle::order {

namespace {

// Whether an array of this width is worth it for so many named slots.
bool is_dense_worth(std::size_t width, std::size_t named) { return width <= 64 + 4 * named; }

// Beyond, a copy costs more than the indirections of a tree.
#ifdef RADDLE_SMALL_CLOCKS  // tests: all are trees
constexpr std::size_t kMostInArray = 0;
constexpr std::size_t kMostInList = 0;
#else
constexpr std::size_t kMostInArray = 4096;
constexpr std::size_t kMostInList = 1024;
#endif

// Loops over whole clocks, in each width of vector that the processor may have. Sanitizers run too
// early for what chooses between them.
#if defined(__x86_64__) && defined(__clang__)
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) && \
    !__has_feature(undefined_behavior_sanitizer)
#define RADDLE_VECTOR_WIDTHS \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
#endif
#ifndef RADDLE_VECTOR_WIDTHS
#define RADDLE_VECTOR_WIDTHS
#endif

RADDLE_VECTOR_WIDTHS void raise(Count* to, const Count* by, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) to[i] = to[i] < by[i] ? by[i] : to[i];
}

RADDLE_VECTOR_WIDTHS bool any_above(const Count* these, const Count* those, std::size_t width) {
  std::uint32_t above = 0;
  for (std::size_t i = 0; i < width; ++i) above |= these[i] > those[i] ? 1 : 0;
  return above != 0;
}

}  // namespace

VectorClock& VectorClock::assign(const VectorClock& other) {
  counts_ = other.counts_;
  entries_ = other.entries_;
  tree_ = other.tree_;
  version_ = other.version_;
  return *this;
}

bool VectorClock::covers_all(std::span<const Count> counts) const {
  if (is_tree()) return tree_.covers_all(counts);
  const std::size_t dense = std::min(counts.size(), counts_.size());
  if (any_above(counts.data(), counts_.data(), dense)) return false;
  for (std::size_t slot = dense; slot < counts.size(); ++slot) {
    if (counts[slot] > at(static_cast<Slot>(slot))) return false;
  }
  return true;
}

void VectorClock::set(Slot slot, Count count) {
  ++version_;
  if (slot < counts_.size()) {
    counts_[slot] = count;
    return;
  }
  if (slot >= kMostInArray && counts_.size() > kMostInList) make_tree();
  if (is_tree()) return tree_.set(slot, count);
  if (entries_.empty() && slot < kMostInArray && is_dense_worth(slot + 1, counts_.size())) {
    counts_.resize(slot + 1);
    counts_[slot] = count;
    return;
  }
  if (!counts_.empty()) make_sparse();
  set_sparse(slot, count);
}

Count VectorClock::at_sparse(Slot slot) const {
  if (is_tree()) return tree_.at(slot);
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), slot,
                                      [](const Entry& e, Slot s) { return e.slot < s; });
  return found != entries_.end() && found->slot == slot ? found->count : 0;
}

void VectorClock::set_sparse(Slot slot, Count count) {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), slot,
                                      [](const Entry& e, Slot s) { return e.slot < s; });
  if (found != entries_.end() && found->slot == slot) {
    found->count = count;
    return;
  }
  entries_.insert(found, {slot, count});
  make_dense_if_worth();
}

void VectorClock::make_sparse() {
  for (Slot slot = 0; slot < counts_.size(); ++slot) {
    if (counts_[slot] != 0) entries_.push_back({slot, counts_[slot]});
  }
  counts_.clear();
}

void VectorClock::make_dense_if_worth() {
  if (entries_.size() > kMostInList && entries_.back().slot >= kMostInArray) return make_tree();
  if (entries_.empty() || !is_dense_worth(entries_.back().slot + 1, entries_.size())) return;
  counts_.resize(entries_.back().slot + 1);
  for (const Entry& entry : entries_) counts_[entry.slot] = entry.count;
  entries_.clear();
}

template <typename F>
void VectorClock::for_each(F f) const {
  for (Slot slot = 0; slot < counts_.size(); ++slot) {
    if (counts_[slot] != 0) f(slot, counts_[slot]);
  }
  for (const Entry& entry : entries_) f(entry.slot, entry.count);
}

void VectorClock::add_next(EpochSet& epochs) const {
  for_each([&epochs](Slot slot, Count count) { epochs.add({slot, count + 1}); });
}

void VectorClock::make_tree() {
  CountTree tree;
  for_each([&tree](Slot slot, Count count) { tree.set(slot, count); });
  counts_ = {};
  entries_ = {};
  tree_ = std::move(tree);
}

// At least one of the two is a tree.
void VectorClock::join_tree(const VectorClock& other) {
  if (!other.is_tree()) {
    other.for_each([this](Slot slot, Count count) { tree_.raise(slot, count); });
    return;
  }
  if (is_tree()) return tree_.join(other.tree_);
  CountTree tree = other.tree_;
  for_each([&tree](Slot slot, Count count) { tree.raise(slot, count); });
  counts_.clear();
  entries_.clear();
  tree_ = std::move(tree);
}

void VectorClock::join(const VectorClock& other) {
  if (other.is_empty()) return;
  ++version_;
  if (is_empty()) {
    counts_ = other.counts_;
    entries_ = other.entries_;
    tree_ = other.tree_;
    return;
  }
  if (is_tree() || other.is_tree()) return join_tree(other);
  const std::size_t width = other.counts_.size();
  if (!counts_.empty() && width != 0) {
    if (width > counts_.size()) counts_.resize(width);
    raise(counts_.data(), other.counts_.data(), width);
    return;
  }
  if (!counts_.empty() && other.entries_.back().slot < counts_.size()) {
    for (const Entry& entry : other.entries_) {
      counts_[entry.slot] = std::max(counts_[entry.slot], entry.count);
    }
    return;
  }
  if (!counts_.empty()) make_sparse();
  join_sparse(other);
}

// This clock is a list; the other may be either.
void VectorClock::join_sparse(const VectorClock& other) {
  VectorClock list;
  const std::vector<Entry>* others = &other.entries_;
  if (!other.counts_.empty()) {
    list = other;
    list.make_sparse();
    others = &list.entries_;
  }
  std::vector<Entry> merged;
  merged.reserve(entries_.size() + others->size());
  auto one = entries_.begin();
  auto two = others->begin();
  while (one != entries_.end() || two != others->end()) {
    if (two == others->end() || (one != entries_.end() && one->slot < two->slot)) {
      merged.push_back(*one++);
    } else if (one == entries_.end() || two->slot < one->slot) {
      merged.push_back(*two++);
    } else {
      merged.push_back({one->slot, std::max(one->count, two->count)});
      ++one;
      ++two;
    }
  }
  entries_ = std::move(merged);
  make_dense_if_worth();
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
