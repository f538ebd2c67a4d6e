// SPDX-License-Identifier: Apache-2.0
// What a chunk's records refer to: templates, by slot, and stacks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "trace/reader.h"

namespace raddle::trace {

// Few of the slots are ever in use.
template <typename Like, std::size_t slots>
class Templates {
 public:
  // One that was set.
  Like& operator[](std::size_t slot) { return templates_[number_[slot] - 1u]; }
  Like& numbered(std::size_t number) { return templates_[number]; }
  const Like& numbered(std::size_t number) const { return templates_[number]; }
  bool has(std::size_t slot) const { return number_[slot] != 0; }
  std::size_t number(std::size_t slot) const { return number_[slot] - 1u; }
  void set(std::size_t slot, const Like& like) {
    if (!has(slot)) {
      templates_.emplace_back();
      number_[slot] = static_cast<std::uint16_t>(templates_.size());
    }
    (*this)[slot] = like;
  }
  void clear() {
    if (templates_.empty()) return;
    number_.fill(0);
    templates_.clear();
  }

 private:
  std::array<std::uint16_t, slots> number_{};  // 1 + index into templates_
  std::vector<Like> templates_;
};

// Of contexts, as a reader knows them. The latest is looked up once.
class Stacks {
 public:
  explicit Stacks(const Reader& reader) : reader_(&reader) {}
  StackId of(std::uint64_t context) {
    if (context != last_context_) {
      last_context_ = context;
      last_stack_ = reader_->stack_of(context);
    }
    return last_stack_;
  }

 private:
  const Reader* reader_;
  std::uint64_t last_context_ = 0;
  StackId last_stack_ = 0;
};

}  // namespace raddle::trace
