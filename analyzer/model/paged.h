// SPDX-License-Identifier: Apache-2.0
// A list that grows without moving what it has, so that no memory is left over behind it.
#pragma once

#include <cstddef>
#include <vector>

namespace raddle {

// As a vector, in pages of a fixed size; only the first one grows step by step, for short lists.
template <typename T>
class Paged {
 public:
  std::size_t size() const {
    return pages_.empty() ? 0 : (pages_.size() - 1) * kPage + pages_.back().size();
  }
  bool empty() const { return pages_.empty(); }
  const T& operator[](std::size_t i) const { return pages_[i / kPage][i % kPage]; }
  T& operator[](std::size_t i) { return pages_[i / kPage][i % kPage]; }
  const T& back() const { return pages_.back().back(); }
  void push_back(const T& element) {
    if (pages_.empty() || pages_.back().size() == kPage) {
      pages_.emplace_back();
      if (pages_.size() > 1) pages_.back().reserve(kPage);
    }
    pages_.back().push_back(element);
  }
  void pop_back() {
    pages_.back().pop_back();
    if (pages_.back().empty()) pages_.pop_back();
  }

 private:
  static constexpr std::size_t kPage = 512;
  std::vector<std::vector<T>> pages_;  // none is empty; all but the last are full
};

}  // namespace raddle
