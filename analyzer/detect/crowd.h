// SPDX-License-Identifier: Apache-2.0
// The cells of a granule that has more than two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/detect/cell.h"
#include "analyzer/order/clock.h"
#include "analyzer/order/epoch_set.h"

namespace raddle::detect {

// A list of cells; and where many tasks read the same bytes, an array over slots: one more read
// costs no search then, and one write compares all with a clock at once. Reads in the array stay
// until a write takes them all, also those that a later read stands for.
class Crowd {
 public:
  void assign(std::span<const Cell> cells) { cells_.assign(cells.begin(), cells.end()); }
  // As Shadow::access, for the bytes of one granule.
  void access(std::uint64_t address, const Cell& access, const order::VectorClock& known,
              Conflicts& conflicts);
  // As Shadow::drop_known.
  void drop_known(std::span<const order::Count> known);
  // Forgets the bytes of the mask.
  void clear(std::uint32_t mask);

  // Whether the cells fit in a granule again, and which they are.
  bool is_small() const { return reader_count_ == 0 && cells_.size() <= 2; }
  std::span<const Cell> cells() const { return cells_; }
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

  std::vector<Cell> cells_;
  std::uint32_t reader_mask_ = 0;  // the bytes that all of the array's reads are of
  std::uint32_t reader_count_ = 0;
  std::vector<order::Count> counts_;  // by slot; 0: none
  std::vector<Origin> origins_;       // by slot
};

}  // namespace raddle::detect
