// SPDX-License-Identifier: Apache-2.0
// Things that happen one after the other, most of them like an earlier one but for the time: eight
// bytes each.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <utility>
#include <vector>

#include "analyzer/model/index_iterator.h"
#include "analyzer/model/paged.h"

namespace raddle {

// As a vector that gives copies. An element is the lower half of its time and the number of what it
// is besides: T::What (comparable, with a hash()), which T::what() and T::time() take out of a T
// and T::of(time, what) puts together. Any times will do; those that come sorted cost least: the
// upper half is kept where it changes, every 4.3 s.
template <typename T>
class TimedList {
 public:
  using value_type = T;
  using What = typename T::What;
  using const_iterator = IndexIterator<TimedList>;
  using iterator = const_iterator;

  TimedList() = default;
  TimedList(std::initializer_list<T> elements) : TimedList(elements.begin(), elements.end()) {}
  template <std::input_iterator Iterator>
  TimedList(Iterator first, Iterator last) {
    for (; first != last; ++first) push_back(*first);
  }

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  T operator[](std::size_t i) const {
    const Entry entry = entries_[i];
    return T::of(high_at(i) | std::int64_t{entry.low}, whats_[entry.what]);
  }
  T front() const { return (*this)[0]; }
  T back() const { return (*this)[size() - 1]; }
  const_iterator begin() const { return {*this, 0}; }
  const_iterator end() const { return {*this, size()}; }
  std::reverse_iterator<const_iterator> rbegin() const { return std::reverse_iterator(end()); }
  std::reverse_iterator<const_iterator> rend() const { return std::reverse_iterator(begin()); }

  // What its elements are or were, in the order of their first, each once.
  const std::vector<What>& whats() const { return whats_; }

  void push_back(const T& element) {
    const auto time = static_cast<std::uint64_t>(element.time());
    const auto high = static_cast<std::int64_t>(time & ~std::uint64_t{kLowMask});
    if (empty()) {
      first_high_ = high;
    } else if (high != high_at(size() - 1)) {
      turns_.push_back({size(), high});
    }
    entries_.push_back({static_cast<std::uint32_t>(time), number_of(element.what())});
  }
  void pop_back() {
    entries_.pop_back();
    if (!turns_.empty() && turns_.back().first == size()) turns_.pop_back();
  }
  void clear() { *this = TimedList(); }

 private:
  static constexpr std::uint32_t kLowMask = 0xffff'ffff;
  static constexpr std::size_t kFew = 8;  // that are looked through rather than looked up

  struct Entry {
    std::uint32_t low;
    std::uint32_t what;  // index into whats_
  };
  struct Turn {  // from this element on
    std::size_t first;
    std::int64_t high;
  };

  std::int64_t high_at(std::size_t i) const {
    if (turns_.empty() || i < turns_.front().first) return first_high_;
    if (i >= turns_.back().first) return turns_.back().high;
    const auto behind =
        std::upper_bound(turns_.begin(), turns_.end(), i,
                         [](std::size_t index, const Turn& turn) { return index < turn.first; });
    return std::prev(behind)->high;
  }

  std::uint32_t number_of(const What& what) {
    if (whats_.size() > kFew) return look_up(what);
    const auto known = std::find(whats_.begin(), whats_.end(), what);
    const auto number = static_cast<std::uint32_t>(known - whats_.begin());
    if (known == whats_.end()) add(what);
    return number;
  }

  // Open addressing: a slot has a number and one, or 0.
  std::uint32_t look_up(const What& what) {
    for (std::size_t slot = what.hash();; ++slot) {
      const std::uint32_t known = slots_[slot & (slots_.size() - 1)];
      if (known == 0) break;
      if (whats_[known - 1] == what) return known - 1;
    }
    add(what);
    return static_cast<std::uint32_t>(whats_.size() - 1);
  }

  void add(const What& what) {
    whats_.push_back(what);
    if (whats_.size() <= kFew) return;
    if (whats_.size() * 2 <= slots_.size()) return file(whats_.size() - 1);
    slots_.assign(slots_.empty() ? 4 * kFew : 2 * slots_.size(), 0);
    for (std::size_t i = 0; i < whats_.size(); ++i) file(i);
  }

  void file(std::size_t number) {
    std::size_t slot = whats_[number].hash();
    while (slots_[slot & (slots_.size() - 1)] != 0) ++slot;
    slots_[slot & (slots_.size() - 1)] = static_cast<std::uint32_t>(number + 1);
  }

  Paged<Entry> entries_;
  std::int64_t first_high_ = 0;  // of the time of the first, the lower half 0
  std::vector<Turn> turns_;
  std::vector<What> whats_;
  std::vector<std::uint32_t> slots_;  // a power of two of them, once whats_ are more than a few
};

// A hash of some numbers, one after the other.
constexpr std::size_t mixed(std::size_t hash, std::uint64_t number) {
  const std::uint64_t product = (hash ^ number) * 0x9e37'79b9'7f4a'7c15u;
  return static_cast<std::size_t>(product ^ (product >> 32));
}

}  // namespace raddle
