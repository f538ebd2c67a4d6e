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
#include "analyzer/model/lazy.h"
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

  std::size_t size() const { return content_->entries.size(); }
  bool empty() const { return content_->entries.empty(); }
  T operator[](std::size_t i) const {
    const Entry entry = content_->entries[i];
    return T::of(content_->high_at(i) | std::int64_t{entry.low}, content_->whats[entry.what]);
  }
  T front() const { return (*this)[0]; }
  T back() const { return (*this)[size() - 1]; }
  const_iterator begin() const { return {*this, 0}; }
  const_iterator end() const { return {*this, size()}; }
  std::reverse_iterator<const_iterator> rbegin() const { return std::reverse_iterator(end()); }
  std::reverse_iterator<const_iterator> rend() const { return std::reverse_iterator(begin()); }

  // What its elements are or were, in the order of their first, each once.
  const std::vector<What>& whats() const { return content_->whats; }

  void push_back(const T& element) { content_.written().push_back(element); }
  void pop_back() { content_.written().pop_back(); }
  void clear() { *this = TimedList(); }

 private:
  static constexpr std::uint32_t kLowMask = 0xffff'ffff;
  static constexpr std::size_t kFew = 8;  // that are looked through rather than looked up

  struct Entry {
    std::uint32_t low;
    std::uint32_t what;  // index into whats
  };
  struct Turn {  // from this element on
    std::size_t first;
    std::int64_t high;
  };

  struct Content {
    void push_back(const T& element) {
      const auto time = static_cast<std::uint64_t>(element.time());
      const auto high = static_cast<std::int64_t>(time & ~std::uint64_t{kLowMask});
      if (entries.empty()) {
        first_high = high;
      } else if (high != high_at(entries.size() - 1)) {
        turns.push_back({entries.size(), high});
      }
      entries.push_back({static_cast<std::uint32_t>(time), number_of(element.what())});
    }

    void pop_back() {
      entries.pop_back();
      if (!turns.empty() && turns.back().first == entries.size()) turns.pop_back();
    }

    std::int64_t high_at(std::size_t i) const {
      if (turns.empty() || i < turns.front().first) return first_high;
      if (i >= turns.back().first) return turns.back().high;
      const auto behind =
          std::upper_bound(turns.begin(), turns.end(), i,
                           [](std::size_t index, const Turn& turn) { return index < turn.first; });
      return std::prev(behind)->high;
    }

    std::uint32_t number_of(const What& what) {
      if (whats.size() > kFew) return look_up(what);
      const auto known = std::find(whats.begin(), whats.end(), what);
      const auto number = static_cast<std::uint32_t>(known - whats.begin());
      if (known == whats.end()) add(what);
      return number;
    }

    // Open addressing: a slot has a number and one, or 0.
    std::uint32_t look_up(const What& what) {
      for (std::size_t slot = what.hash();; ++slot) {
        const std::uint32_t known = slots[slot & (slots.size() - 1)];
        if (known == 0) break;
        if (whats[known - 1] == what) return known - 1;
      }
      add(what);
      return static_cast<std::uint32_t>(whats.size() - 1);
    }

    void add(const What& what) {
      whats.push_back(what);
      if (whats.size() <= kFew) return;
      if (whats.size() * 2 <= slots.size()) return file(whats.size() - 1);
      slots.assign(slots.empty() ? 4 * kFew : 2 * slots.size(), 0);
      for (std::size_t i = 0; i < whats.size(); ++i) file(i);
    }

    void file(std::size_t number) {
      std::size_t slot = whats[number].hash();
      while (slots[slot & (slots.size() - 1)] != 0) ++slot;
      slots[slot & (slots.size() - 1)] = static_cast<std::uint32_t>(number + 1);
    }

    Paged<Entry> entries;
    std::int64_t first_high = 0;  // of the time of the first, the lower half 0
    std::vector<Turn> turns;
    std::vector<What> whats;
    std::vector<std::uint32_t> slots;  // a power of two of them, once whats are more than a few
  };

  Lazy<Content> content_;  // many tasks have none: without a timeline, all of them
};

// A hash of some numbers, one after the other.
constexpr std::size_t mixed(std::size_t hash, std::uint64_t number) {
  const std::uint64_t product = (hash ^ number) * 0x9e37'79b9'7f4a'7c15u;
  return static_cast<std::size_t>(product ^ (product >> 32));
}

}  // namespace raddle
