// SPDX-License-Identifier: Apache-2.0
// The cells of a granule that has more than two.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/detect/cell.h"
#include "analyzer/order/clock.h"
#include "analyzer/order/epoch_set.h"

namespace raddle::detect {

// Cells in any order. Nearly all granules have three or four: they lie beside each other and what
// says how many, in one line of the cache.
class CellList {
 public:
  std::span<Cell> all() { return many_.empty() ? std::span(few_).first(count_) : std::span(many_); }
  std::span<const Cell> all() const {
    return many_.empty() ? std::span(few_).first(count_) : std::span(many_);
  }
  void assign(std::span<const Cell> cells);
  void add(const Cell& cell);
  // Those of which the predicate holds.
  template <typename Predicate>
  void erase_if(Predicate&& predicate) {
    if (many_.empty()) {
      const auto kept = std::remove_if(few_.begin(), few_.begin() + count_, predicate);
      count_ = static_cast<std::uint32_t>(kept - few_.begin());
      return;
    }
    std::erase_if(many_, predicate);
    if (many_.size() > kFew) return;
    count_ = static_cast<std::uint32_t>(many_.size());
    std::ranges::copy(many_, few_.begin());
    many_.clear();
  }

 private:
  static constexpr std::size_t kFew = 4;
  std::array<Cell, kFew> few_;
  std::uint32_t count_ = 0;  // of few_
  std::vector<Cell> many_;   // all of them, if there are more
};

// A list of cells; and where many tasks read the same bytes, an array over slots: one more read
// costs no search then, and one write compares all with a clock at once. Reads in the array stay
// until a write takes them all, also those that a later read stands for.
class alignas(64) Crowd {
 public:
  void assign(std::span<const Cell> cells) { cells_.assign(cells); }
  // As Shadow::access, for the bytes of one granule.
  void access(std::uint64_t address, const Cell& access, const order::VectorClock& known,
              Conflicts& conflicts);
  // As Shadow::drop_known.
  void drop_known(std::span<const order::Count> known);
  // Forgets the bytes of the mask.
  void clear(std::uint32_t mask);

  // Whether the cells fit in a granule again, and which they are.
  bool is_small() const { return reader_count_ == 0 && cells().size() <= 2; }
  std::span<const Cell> cells() const { return cells_.all(); }
  // Those of all that is remembered.
  void add_epochs(order::EpochSet& epochs) const;

 private:
  bool is_known_read(const Cell& access) const {
    return reader_count_ != 0 && access.access_kind() == AccessKind::kRead &&
           (reader_mask_ & access.mask) == access.mask && access.slot < counts_.size() &&
           counts_[access.slot] == access.count;
  }
  void meet_readers(std::uint64_t address, const Cell& access, const order::VectorClock& known,
                    Conflicts& conflicts);
  void report_readers(std::uint64_t address, const Cell& access, const order::VectorClock& known,
                      Conflicts& conflicts) const;
  void add(const Cell& access);
  void add_reader(const Cell& access);
  void gather_readers(std::uint32_t mask);
  void clear_readers(std::uint32_t mask);

  CellList cells_;
  std::uint32_t reader_mask_ = 0;  // the bytes that all of the array's reads are of
  std::uint32_t reader_count_ = 0;
  std::vector<order::Count> counts_;  // by slot; 0: none
  std::vector<Origin> origins_;       // by slot
};

}  // namespace raddle::detect
