// SPDX-License-Identifier: Apache-2.0
// The cells of a granule that has more than two.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "analyzer/detect/cell.h"
#include "analyzer/order/clock.h"
#include "analyzer/order/epoch_set.h"

namespace raddle::detect {

// A list of cells, in any order; and where many tasks read the same bytes, an array over slots: one
// more read costs no search then, and one write compares all with a clock at once. Reads in the
// array stay until a write takes them all, also those that a later read stands for.
//
// Nearly all have three or four cells: those lie in one line of the cache, with all that says so.
class alignas(64) Crowd {
 public:
  Crowd() = default;
  Crowd(const Crowd& other);
  Crowd& operator=(const Crowd& other);
  Crowd(Crowd&&) noexcept = default;
  Crowd& operator=(Crowd&&) noexcept = default;
  ~Crowd() = default;

  void assign(std::span<const Cell> cells);
  // As Shadow::access, for the bytes of one granule.
  void access(std::uint64_t address, const Cell& access, const order::VectorClock& known,
              Conflicts& conflicts);
  // The same of a plain access by a task that knows `counts`, if it conflicts with nothing, and the
  // cells are few or it is a read like many. False: it is not so, and nothing was done.
  bool access_quickly(CellHead access, Origin origin, std::span<const order::Count> counts);
  // As Shadow::drop_known.
  void drop_known(std::span<const order::Count> known);
  // Forgets the bytes of the mask.
  void clear(std::uint32_t mask);

  // Whether the cells fit in a granule again, and which they are.
  bool is_small() const { return reader_count_ == 0 && count_ <= 2; }
  std::span<const Cell> cells() const {
    return count_ <= kFew ? std::span(few_).first(count_) : std::span(more_->cells);
  }
  // Those of all that is remembered.
  void add_epochs(order::EpochSet& epochs) const;

 private:
  static constexpr std::size_t kFew = 4;
  static constexpr std::uint32_t kMany = ~std::uint32_t{0};
  struct More {
    std::vector<Cell> cells;           // all of them, if they are not few
    std::vector<order::Count> counts;  // of the array, by slot; 0: none
    std::vector<Origin> origins;       // the same
    std::uint32_t reader_mask = 0;     // the bytes that all of the array's reads are of
  };

  std::span<Cell> all() {
    return count_ <= kFew ? std::span(few_).first(count_) : std::span(more_->cells);
  }
  More& more() {
    if (more_ == nullptr) more_ = std::make_unique<More>();
    return *more_;
  }
  template <typename Predicate>
  void erase_if(Predicate&& predicate);
  void add_cell(const Cell& cell);
  bool is_known_read(const Cell& access) const;
  bool access_alike(CellHead access, Origin origin, std::span<const order::Count> counts);
  bool read_quickly(CellHead access, Origin origin, std::span<const order::Count> counts);
  void meet_readers(std::uint64_t address, const Cell& access, const order::VectorClock& known,
                    Conflicts& conflicts);
  void report_readers(std::uint64_t address, const Cell& access, const order::VectorClock& known,
                      Conflicts& conflicts) const;
  void add(const Cell& access);
  void add_reader(const Cell& access);
  void gather_readers(std::uint32_t mask);
  void clear_readers(std::uint32_t mask);

  std::array<Cell, kFew> few_;
  std::uint32_t count_ = 0;  // of few_; kMany: the cells are elsewhere
  std::uint32_t reader_count_ = 0;
  std::unique_ptr<More> more_;  // null: never needed
};
static_assert(sizeof(Crowd) == 64);

}  // namespace raddle::detect
