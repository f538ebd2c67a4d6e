// SPDX-License-Identifier: Apache-2.0
// FlatMap: a hash map from 64-bit keys to 32-bit numbers, open addressing in one array.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace raddle::order {

// Keys are any numbers but ~0; values any. Not thread-safe. Pointers given out hold until the next
// insertion or erasure.
class FlatMap {
 public:
  // The value at `key`, or null.
  std::uint32_t* find(std::uint64_t key) {
    if (size_ == 0) return nullptr;
    for (std::size_t i = home(key);; i = (i + 1) & mask_) {
      if (entries_[i].key == key) return &entries_[i].value;
      if (entries_[i].key == kNoKey) return nullptr;
    }
  }
  const std::uint32_t* find(std::uint64_t key) const {
    return const_cast<FlatMap*>(this)->find(key);
  }

  // The value at `key`, new and 0 if there was none.
  std::uint32_t& at(std::uint64_t key);
  void erase(std::uint64_t key);
  void clear();  // keeps its memory if it is not much
  std::size_t size() const { return size_; }

 private:
  struct Entry {
    std::uint64_t key;
    std::uint32_t value;
  };
  static constexpr std::uint64_t kNoKey = ~std::uint64_t{0};

  std::size_t home(std::uint64_t key) const {
    return static_cast<std::size_t>((key * 0x9e37'79b9'7f4a'7c15u) >> 32) & mask_;
  }
  void grow();

  std::vector<Entry> entries_;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
};

}  // namespace raddle::order
