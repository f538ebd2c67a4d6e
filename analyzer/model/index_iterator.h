// SPDX-License-Identifier: Apache-2.0
// Iterators of lists that keep their elements in another form and give copies of them.
#pragma once

#include <compare>
#include <cstddef>
#include <iterator>

namespace raddle {

// Of a List with operator[] by value. Refers to the list; its elements are copies.
template <typename List>
class IndexIterator {
 public:
  using value_type = typename List::value_type;
  using difference_type = std::ptrdiff_t;
  using reference = value_type;
  using iterator_category = std::random_access_iterator_tag;  // but for the copies
  class pointer {  // NOLINT(readability-identifier-naming): the library's name
   public:
    explicit pointer(value_type value) : value_(value) {}
    const value_type* operator->() const { return &value_; }

   private:
    value_type value_;
  };

  IndexIterator() = default;
  IndexIterator(const List& list, std::size_t index) : list_(&list), index_(index) {}

  value_type operator*() const { return (*list_)[index_]; }
  pointer operator->() const { return pointer(**this); }
  value_type operator[](difference_type n) const { return *(*this + n); }

  IndexIterator& operator+=(difference_type n) {
    index_ += static_cast<std::size_t>(n);
    return *this;
  }
  IndexIterator& operator-=(difference_type n) { return *this += -n; }
  IndexIterator& operator++() { return *this += 1; }
  IndexIterator& operator--() { return *this -= 1; }
  IndexIterator operator++(int) {
    const IndexIterator before = *this;
    ++*this;
    return before;
  }
  IndexIterator operator--(int) {
    const IndexIterator before = *this;
    --*this;
    return before;
  }
  friend IndexIterator operator+(IndexIterator at, difference_type n) { return at += n; }
  friend IndexIterator operator+(difference_type n, IndexIterator at) { return at += n; }
  friend IndexIterator operator-(IndexIterator at, difference_type n) { return at -= n; }
  friend difference_type operator-(const IndexIterator& a, const IndexIterator& b) {
    return static_cast<difference_type>(a.index_) - static_cast<difference_type>(b.index_);
  }
  // Of the same list.
  friend bool operator==(const IndexIterator& a, const IndexIterator& b) {
    return a.index_ == b.index_;
  }
  friend std::strong_ordering operator<=>(const IndexIterator& a, const IndexIterator& b) {
    return a.index_ <=> b.index_;
  }

 private:
  const List* list_ = nullptr;
  std::size_t index_ = 0;
};

}  // namespace raddle
