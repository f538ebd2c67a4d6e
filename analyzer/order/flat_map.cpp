// SPDX-License-Identifier: Apache-2.0
#include "analyzer/order/flat_map.h"

namespace raddle::order {

std::uint32_t& FlatMap::at(std::uint64_t key) {
  if ((size_ + 1) * 4 > entries_.size() * 3) grow();
  std::size_t i = home(key);
  for (; entries_[i].key != kNoKey; i = (i + 1) & mask_) {
    if (entries_[i].key == key) return entries_[i].value;
  }
  entries_[i] = {key, 0};
  ++size_;
  return entries_[i].value;
}

// Moves later entries of the same run back into the hole, so that no search stops early.
void FlatMap::erase(std::uint64_t key) {
  if (size_ == 0) return;
  std::size_t hole = home(key);
  for (; entries_[hole].key != key; hole = (hole + 1) & mask_) {
    if (entries_[hole].key == kNoKey) return;
  }
  for (std::size_t i = (hole + 1) & mask_; entries_[i].key != kNoKey; i = (i + 1) & mask_) {
    if (((i - home(entries_[i].key)) & mask_) < ((i - hole) & mask_)) continue;
    entries_[hole] = entries_[i];
    hole = i;
  }
  entries_[hole] = {kNoKey, 0};
  --size_;
}

void FlatMap::clear() {
  constexpr std::size_t kMostKept = 1024;
  if (size_ == 0) return;
  size_ = 0;
  if (entries_.size() <= kMostKept) return entries_.assign(entries_.size(), Entry{kNoKey, 0});
  entries_ = {};
  mask_ = 0;
}

void FlatMap::grow() {
  std::vector<Entry> old = std::move(entries_);
  entries_.assign(old.empty() ? 16 : old.size() * 2, Entry{kNoKey, 0});
  mask_ = entries_.size() - 1;
  for (const Entry& entry : old) {
    if (entry.key == kNoKey) continue;
    std::size_t i = home(entry.key);
    while (entries_[i].key != kNoKey) i = (i + 1) & mask_;
    entries_[i] = entry;
  }
}

}  // namespace raddle::order
