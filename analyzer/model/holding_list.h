// SPDX-License-Identifier: Apache-2.0
// Who held an object when: twelve bytes a holding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>

#include "analyzer/model/index_iterator.h"
#include "analyzer/model/paged.h"
#include "analyzer/model/timed_list.h"
#include "trace/event.h"

namespace raddle {

struct Holding {
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;  // kOpen: not yet known
  trace::TaskId task = 0;
  bool is_shared = false;

  static constexpr std::int64_t kOpen = -1;

  struct What {
    trace::TaskId task = 0;
    bool is_shared = false;
    bool operator==(const What&) const = default;
    std::size_t hash() const { return mixed(is_shared ? 1 : 0, task); }
  };
  std::int64_t time() const { return begin_ns; }
  What what() const { return {task, is_shared}; }
  static Holding of(std::int64_t time, const What& what) {
    return {time, kOpen, what.task, what.is_shared};
  }
};

// As a vector that gives copies. Holdings are added when they begin, and may end in any order.
class HoldingList {
 public:
  using value_type = Holding;
  using const_iterator = IndexIterator<HoldingList>;

  HoldingList() = default;
  HoldingList(std::initializer_list<Holding> holdings) {
    for (const Holding& holding : holdings) push_back(holding);
  }
  template <std::input_iterator Iterator>
  HoldingList(Iterator first, Iterator last) {
    for (; first != last; ++first) push_back(*first);
  }

  std::size_t size() const { return begins_.size(); }
  bool empty() const { return begins_.empty(); }
  Holding operator[](std::size_t i) const {
    Holding holding = begins_[i];
    const std::uint32_t length = lengths_[i];
    if (length <= kMostLength) {
      holding.end_ns = holding.begin_ns + length;
    } else if (length == kElsewhere) {
      holding.end_ns = ends_.at(i);
    }
    return holding;
  }
  const_iterator begin() const { return {*this, 0}; }
  const_iterator end() const { return {*this, size()}; }

  void push_back(const Holding& holding) {
    begins_.push_back(holding);
    lengths_.push_back(kOpenLength);
    if (holding.end_ns != Holding::kOpen) set_end(size() - 1, holding.end_ns);
  }
  // Of a holding that was open.
  void set_end(std::size_t i, std::int64_t end_ns) {
    const std::int64_t begin_ns = begins_[i].begin_ns;
    // Unsigned: of two times from a damaged file the difference may be more than a signed number
    // holds.
    const std::uint64_t length =
        static_cast<std::uint64_t>(end_ns) - static_cast<std::uint64_t>(begin_ns);
    const bool fits = end_ns >= begin_ns && length <= kMostLength;
    lengths_[i] = fits ? static_cast<std::uint32_t>(length) : kElsewhere;
    if (!fits) ends_[i] = end_ns;
  }

 private:
  static constexpr std::uint32_t kOpenLength = 0xffff'ffff;
  static constexpr std::uint32_t kElsewhere = 0xffff'fffe;
  static constexpr std::uint32_t kMostLength = 0xffff'fffd;

  TimedList<Holding> begins_;
  Paged<std::uint32_t> lengths_;              // in nanoseconds, or one of the above
  std::map<std::size_t, std::int64_t> ends_;  // of the few that are longer
};

}  // namespace raddle
