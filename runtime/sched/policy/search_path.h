// SPDX-License-Identifier: Apache-2.0
// Where a depth-first search has come to: the decisions of the run in hand, and what else each of
// them could have been. It lies in memory that the runs share; all zero bytes are an empty one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace raddle::sched {

// The objects that one has touched from one of its operations up to its next.
class Footprint {
 public:
  void add(const void* object) noexcept {
    // Words: accesses of parts of one meet, too.
    const std::uint64_t word = reinterpret_cast<std::uint64_t>(object) >> 3;
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (words_[i] == word) return;
    }
    if (object == nullptr || count_ == words_.size()) {
      is_all_ = 1;
    } else {
      words_[count_++] = word;
    }
  }
  void add(const Footprint& other) noexcept {
    if (other.is_all_ != 0) is_all_ = 1;
    for (std::uint32_t i = 0; i < other.count_; ++i) {
      add(reinterpret_cast<const void*>(other.words_[i] << 3));
    }
  }
  void add_all() noexcept { is_all_ = 1; }
  // Whether their order can matter.
  bool meets(const Footprint& other) const noexcept {
    if (is_all_ != 0 || other.is_all_ != 0) return true;
    for (std::uint32_t i = 0; i < count_; ++i) {
      for (std::uint32_t k = 0; k < other.count_; ++k) {
        if (words_[i] == other.words_[k]) return true;
      }
    }
    return false;
  }

 private:
  std::uint32_t is_all_ = 0;
  std::uint32_t count_ = 0;
  std::array<std::uint64_t, 7> words_{};
};

struct SearchPath {
  struct Branch {
    enum class State : std::uint32_t { kOpen, kTaken, kDone, kSkipped };
    std::uint32_t choice = 0;
    State state = State::kOpen;
    std::uint32_t is_whole = 0;  // 1: its footprint has been seen to its end
    std::uint32_t unused = 0;
    Footprint footprint;
  };
  struct Node {
    std::uint32_t first = 0;  // of its branches
    std::uint32_t count = 0;
    std::uint32_t taken = 0;
    std::uint32_t is_pick = 0;
  };
  static constexpr std::uint32_t kMostNodes = 1 << 14;
  static constexpr std::uint32_t kMostBranches = 1 << 16;

  std::span<Branch> branches_of(const Node& node) noexcept {
    return {branches.data() + node.first, node.count};
  }
  // Goes back to the last decision that could have been another and takes that one. False: there is
  // none.
  bool backtrack() noexcept;
  // Begins anew if the settings are others.
  void use(std::uint32_t other_settings) noexcept;
  void clear() noexcept { node_count = branch_count = open_count = 0; }
  // Null: there is no room.
  Node* add(std::uint32_t count) noexcept;

  std::uint32_t node_count = 0;
  std::uint32_t branch_count = 0;
  std::uint32_t open_count = 0;  // branches
  std::uint32_t is_cut = 0;      // 1: something is left out
  std::uint32_t settings = 0;    // with which it was begun, hashed
  std::array<Node, kMostNodes> nodes;
  std::array<Branch, kMostBranches> branches;
};

}  // namespace raddle::sched
