// SPDX-License-Identifier: Apache-2.0
// Counts of very many slots, as a tree whose parts clocks share: a copy costs nothing, and a join
// as much as the two differ. A persistent radix tree: Bagwell, "Ideal Hash Trees" (2001), without
// the hash.
//
// One mutex that 100 000 tasks have locked, one after the other, has a clock of 100 000 slots, and
// so has each of them from then on.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace raddle::order {

// Copies may be used and dropped in different threads; one object in one at a time.
class CountTree {
 public:
  using Slot = std::uint32_t;
  using Count = std::uint32_t;

  CountTree() = default;
  CountTree(const CountTree& other) : root_(share(other.root_)), height_(other.height_) {}
  CountTree(CountTree&& other) noexcept
      : root_(std::exchange(other.root_, nullptr)), height_(std::exchange(other.height_, 0)) {}
  CountTree& operator=(CountTree other) noexcept {
    std::swap(root_, other.root_);
    std::swap(height_, other.height_);
    return *this;
  }
  ~CountTree() { drop(root_, height_); }

  bool is_empty() const { return root_ == nullptr; }
  Count at(Slot slot) const;
  void set(Slot slot, Count count);
  void raise(Slot slot, Count count) {
    if (at(slot) < count) set(slot, count);
  }
  void join(const CountTree& other);  // the maximum, slot by slot
  bool covers_all(std::span<const Count> counts) const;

 private:
  static constexpr unsigned kBits = 5;
  static constexpr std::size_t kWidth = std::size_t{1} << kBits;

  struct Node {
    std::atomic<std::uint32_t> owners{1};
  };
  struct Leaf : Node {
    Count counts[kWidth] = {};
  };
  struct Inner : Node {
    Node* children[kWidth] = {};
  };

  static Node* share(Node* node);
  static void drop(Node* node, unsigned height);
  static bool is_own(const Node* node) { return node->owners.load(std::memory_order_acquire) == 1; }
  static Node* make(unsigned height);
  static Node* copy(const Node* node, unsigned height);
  static void make_own(Node*& node, unsigned height);
  static void join_into(Node*& mine, Node* theirs, unsigned height);
  static void join_leaves(Node*& mine, Node* theirs);
  bool reaches(Slot slot) const { return slot >> kBits >> (kBits * height_) == 0; }
  void grow_to(unsigned height);

  Node* root_ = nullptr;
  unsigned height_ = 0;  // 0: the root is a leaf
};

}  // namespace raddle::order
