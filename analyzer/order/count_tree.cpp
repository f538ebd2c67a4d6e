// SPDX-License-Identifier: Apache-2.0
#include "analyzer/order/count_tree.h"

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace raddle::order {

// A leaf or an inner node: its height says which.
struct CountNode {
  std::atomic<std::uint32_t> owners{1};
};

namespace {

using Node = CountNode;
using Count = CountTree::Count;

#ifdef RADDLE_SMALL_CLOCKS  // tests: trees of some height, of a few slots
constexpr unsigned kBits = 1;
#else
constexpr unsigned kBits = 5;
#endif
constexpr std::size_t kWidth = std::size_t{1} << kBits;

struct Leaf : Node {
  Count counts[kWidth] = {};
};
struct Inner : Node {
  Node* children[kWidth] = {};
};

bool is_own(const Node* node) { return node->owners.load(std::memory_order_acquire) == 1; }

std::size_t place_of(CountTree::Slot slot, unsigned height) {
  return slot >> (kBits * height) & (kWidth - 1);
}

Node* share(Node* node) {
  // Relaxed: whoever gives a share away has one.
  if (node != nullptr) node->owners.fetch_add(1, std::memory_order_relaxed);
  return node;
}

void drop(Node* node, unsigned height) {
  // acq_rel: all that other owners did with it is done.
  if (node == nullptr || node->owners.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (height == 0) {
    delete static_cast<Leaf*>(node);
    return;
  }
  for (Node* child : static_cast<Inner*>(node)->children) drop(child, height - 1);
  delete static_cast<Inner*>(node);
}

Node* make(unsigned height) {
  if (height == 0) return new Leaf;
  return new Inner;
}

Node* copy(const Node* node, unsigned height) {
  if (height == 0) {
    auto* leaf = new Leaf;
    std::ranges::copy(static_cast<const Leaf*>(node)->counts, leaf->counts);
    return leaf;
  }
  auto* inner = new Inner;
  std::ranges::transform(static_cast<const Inner*>(node)->children, inner->children, share);
  return inner;
}

void make_own(Node*& node, unsigned height) {
  if (node == nullptr) {
    node = make(height);
  } else if (!is_own(node)) {
    Node* own = copy(node, height);
    drop(node, height);
    node = own;
  }
}

// Where one of the two has all of the other, it becomes both: the more clocks share, the less the
// next join has to look at.
void join_leaves(Node*& mine, Node* theirs) {
  const Count* one = static_cast<Leaf*>(mine)->counts;
  const Count* other = static_cast<Leaf*>(theirs)->counts;
  bool has_mine_more = false;
  bool has_theirs_more = false;
  for (std::size_t i = 0; i < kWidth; ++i) {
    has_mine_more |= one[i] > other[i];
    has_theirs_more |= one[i] < other[i];
  }
  if (!has_theirs_more) return;
  if (!has_mine_more) {
    drop(mine, 0);
    mine = share(theirs);
    return;
  }
  make_own(mine, 0);
  Count* own = static_cast<Leaf*>(mine)->counts;
  for (std::size_t i = 0; i < kWidth; ++i) own[i] = std::max(own[i], other[i]);
}

void join_into(Node*& mine, Node* theirs, unsigned height) {
  if (mine == theirs || theirs == nullptr) return;
  if (mine == nullptr) {
    mine = share(theirs);
    return;
  }
  if (height == 0) return join_leaves(mine, theirs);
  // With shares of the children, so that `mine` need not be copied if nothing changes.
  Node* joined[kWidth];
  Node* const* one = static_cast<Inner*>(mine)->children;
  Node* const* other = static_cast<Inner*>(theirs)->children;
  bool is_mine = true;
  bool is_theirs = true;
  for (std::size_t i = 0; i < kWidth; ++i) {
    joined[i] = share(one[i]);
    join_into(joined[i], other[i], height - 1);
    is_mine = is_mine && joined[i] == one[i];
    is_theirs = is_theirs && joined[i] == other[i];
  }
  if (is_mine || is_theirs) {
    for (Node* child : joined) drop(child, height - 1);
    if (is_mine) return;
    drop(mine, height);
    mine = share(theirs);
    return;
  }
  if (!is_own(mine)) {
    drop(mine, height);
    mine = make(height);
  }
  Node** own = static_cast<Inner*>(mine)->children;
  for (std::size_t i = 0; i < kWidth; ++i) {
    drop(own[i], height - 1);
    own[i] = joined[i];
  }
}

}  // namespace

void CountTree::share_root() const { share(root_); }
void CountTree::drop_root() { drop(root_, height_); }

bool CountTree::reaches(Slot slot) const { return slot >> kBits >> (kBits * height_) == 0; }

void CountTree::grow_to(unsigned height) {
  while (height_ < height) {
    ++height_;
    if (root_ == nullptr) continue;
    auto* above = new Inner;
    above->children[0] = root_;
    root_ = above;
  }
}

CountTree::Count CountTree::at(Slot slot) const {
  if (!reaches(slot)) return 0;
  const Node* node = root_;
  for (unsigned height = height_; node != nullptr && height != 0; --height) {
    node = static_cast<const Inner*>(node)->children[place_of(slot, height)];
  }
  return node == nullptr ? 0 : static_cast<const Leaf*>(node)->counts[place_of(slot, 0)];
}

void CountTree::set(Slot slot, Count count) {
  unsigned needed = height_;
  while (slot >> kBits >> (kBits * needed) != 0) ++needed;
  grow_to(needed);
  Node** node = &root_;
  for (unsigned height = height_;; --height) {
    make_own(*node, height);
    if (height == 0) break;
    node = &static_cast<Inner*>(*node)->children[place_of(slot, height)];
  }
  static_cast<Leaf*>(*node)->counts[place_of(slot, 0)] = count;
}

void CountTree::join(const CountTree& other) {
  if (other.root_ == nullptr || other.root_ == root_) return;
  CountTree theirs = other;
  grow_to(theirs.height_);
  theirs.grow_to(height_);
  join_into(root_, theirs.root_, height_);
}

bool CountTree::covers_all(std::span<const Count> counts) const {
  for (std::size_t slot = 0; slot < counts.size(); ++slot) {
    if (counts[slot] > at(static_cast<Slot>(slot))) return false;
  }
  return true;
}

}  // namespace raddle::order
