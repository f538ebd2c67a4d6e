// SPDX-License-Identifier: Apache-2.0
// What is remembered of the epochs of one slot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "analyzer/order/clock.h"
#include "trace/event.h"

namespace raddle::order {

// Set of holdings, interned: equal sets taken at equal places have equal numbers. 0: nothing held.
using HeldSet = std::uint32_t;

// For as long as an access in the epoch may take part in a race.
struct EpochRecord {
  // Of what it began with: mostly, of what let others know all that came before.
  std::int64_t begin_ns : 56 = 0;
  trace::Kind kind : 8 {};  // 0: not known
  trace::TaskId task = 0;
  HeldSet held = 0;
  std::uint32_t about = 0;  // an object; or a task, if the kind is about tasks
  trace::StackId stack = 0;
};
static_assert(sizeof(EpochRecord) == 24);

// A record by itself: of the epochs before it nothing may be known any more.
struct KeptRecord {
  Count count = 0;
  EpochRecord record;
  std::vector<std::int64_t> since_ns;  // of what is held, oldest first
};

// By count, from 1. All of the latest are there, and of the older ones those that were kept.
class EpochRecords {
 public:
  Count size() const { return old_count_ + static_cast<Count>(recent_.size()); }
  void resize(Count size) { recent_.resize(size - old_count_); }  // not below the old ones
  void push_back(const EpochRecord& record) { recent_.push_back(record); }
  EpochRecord& back() { return recent_.back(); }

  // Null: it was never begun, or is forgotten.
  const EpochRecord* find(Count count) const {
    if (count > old_count_) {
      return count <= size() ? &recent_[count - 1 - old_count_] : nullptr;
    }
    const KeptRecord* kept = find_kept(count);
    return kept == nullptr ? nullptr : &kept->record;
  }
  // The same of an old one.
  const KeptRecord* find_kept(Count count) const;
  // An old one with this count; if it is forgotten, the next one that is not, which may be a recent
  // one.
  const EpochRecord* find_next(Count count) const;
  std::size_t recent_count() const { return recent_.size(); }
  bool is_old(Count count) const { return count <= old_count_; }

  void clear() {  // keeps its memory
    recent_.clear();
    old_count_ = 0;
    kept_ = nullptr;
  }

  // Forgets all but `kept`, which rise, and the last one.
  void forget(std::vector<KeptRecord> kept);

 private:
  std::vector<EpochRecord> recent_;
  Count old_count_ = 0;
  std::unique_ptr<std::vector<KeptRecord>> kept_;  // by rising count; null: none
};

}  // namespace raddle::order
