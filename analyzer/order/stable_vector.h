// SPDX-License-Identifier: Apache-2.0
// StableVector: an array that grows without moving its elements.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace raddle::order {

// Elements are value-initialized, and references to them hold as long as the vector does.
template <typename T>
class StableVector {
 public:
  StableVector() = default;
  explicit StableVector(std::size_t size) { grow_to(size); }
  std::size_t size() const { return size_; }
  void grow_to(std::size_t size) {
    if (size <= size_) return;
    while (blocks_.size() * kBlock < size) blocks_.push_back(std::make_unique<Block>());
    size_ = size;
  }
  // Elements keep what they are until they are asked for again: see to it that they are as new.
  void shrink_to(std::size_t size) { size_ = size; }
  T& operator[](std::size_t i) { return (*blocks_[i / kBlock])[i % kBlock]; }
  const T& operator[](std::size_t i) const { return (*blocks_[i / kBlock])[i % kBlock]; }

 private:
  static constexpr std::size_t kBlock = 16;
  using Block = std::array<T, kBlock>;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace raddle::order
