// SPDX-License-Identifier: Apache-2.0
// EpochSet: gathers epochs, of which many are added very often.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/order/clock.h"

namespace raddle::order {

// Memory goes by how many different ones there are.
class EpochSet {
 public:
  void add(Epoch epoch) {
    const std::uint64_t word = std::uint64_t{epoch.slot} << 32 | epoch.count;
    if (word == last_) return;  // neighbours in memory mostly are of one epoch
    last_ = word;
    words_.push_back(word);
    if (words_.size() >= most_) tidy();
  }
  std::size_t size() {
    tidy();
    return words_.size();
  }
  // Calls f(epoch) for each, by rising slots and counts.
  template <typename F>
  void for_each(F f) {
    tidy();
    for (const std::uint64_t word : words_) {
      f(Epoch{static_cast<Slot>(word >> 32), static_cast<Count>(word)});
    }
  }

 private:
  static constexpr std::size_t kFew = std::size_t{1} << 20;

  void tidy() {
    std::ranges::sort(words_);
    const auto rest = std::ranges::unique(words_);
    words_.erase(rest.begin(), rest.end());
    most_ = std::max(kFew, 2 * words_.size());
  }

  std::vector<std::uint64_t> words_;
  std::size_t most_ = kFew;
  std::uint64_t last_ = 0;
};

}  // namespace raddle::order
