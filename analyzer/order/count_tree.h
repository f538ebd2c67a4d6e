// SPDX-License-Identifier: Apache-2.0
// Counts of very many slots, as a tree whose parts clocks share: a copy costs nothing, and a join
// as much as the two differ. A persistent radix tree: Bagwell, "Ideal Hash Trees" (2001), without
// the hash.
//
// One mutex that 100 000 tasks have locked, one after the other, has a clock of 100 000 slots, and
// so has each of them from then on.
#pragma once

#include <cstdint>
#include <span>
#include <utility>

namespace raddle::order {

struct CountNode;

// Copies may be used and dropped in different threads; one object in one at a time.
class CountTree {
 public:
  using Slot = std::uint32_t;
  using Count = std::uint32_t;

  CountTree() = default;
  CountTree(const CountTree& other) : root_(other.root_), height_(other.height_) {
    if (root_ != nullptr) share_root();
  }
  CountTree(CountTree&& other) noexcept
      : root_(std::exchange(other.root_, nullptr)), height_(std::exchange(other.height_, 0)) {}
  CountTree& operator=(CountTree other) noexcept {
    std::swap(root_, other.root_);
    std::swap(height_, other.height_);
    return *this;
  }
  ~CountTree() {
    if (root_ != nullptr) drop_root();
  }

  bool is_empty() const { return root_ == nullptr; }
  Count at(Slot slot) const;
  void set(Slot slot, Count count);
  void raise(Slot slot, Count count) {
    if (at(slot) < count) set(slot, count);
  }
  void join(const CountTree& other);  // the maximum, slot by slot
  bool covers_all(std::span<const Count> counts) const;

 private:
  void share_root() const;
  void drop_root();
  bool reaches(Slot slot) const;
  void grow_to(unsigned height);

  CountNode* root_ = nullptr;
  unsigned height_ = 0;  // 0: the root is a leaf
};

}  // namespace raddle::order
