// SPDX-License-Identifier: Apache-2.0
#include "analyzer/order/atomic_clocks.h"

namespace raddle::order {

StampedClock& AtomicClocks::at(std::uint64_t address) {
  const std::uint32_t* known = numbers_.find(address >> kPageBits);
  if (known == nullptr) {
    std::uint32_t& number = numbers_.at(address >> kPageBits);
    number = static_cast<std::uint32_t>(pages_.size());
    pages_.emplace_back();
    addresses_.push_back(address >> kPageBits);
    known = &number;
  }
  Page& page = pages_[*known];
  const auto offset = static_cast<std::uint32_t>(address % kPageBytes);
  for (const Entry& entry : page) {
    if (entry.offset == offset) return clocks_[entry.number];
  }
  auto number = static_cast<Number>(clocks_.size());
  if (free_.empty()) {
    clocks_.emplace_back();
  } else {
    number = free_.back();
    free_.pop_back();
  }
  page.push_back({offset, number});
  return clocks_[number];
}

const StampedClock* AtomicClocks::find(std::uint64_t address) const {
  const std::uint32_t* known = numbers_.find(address >> kPageBits);
  if (known == nullptr) return nullptr;
  const auto offset = static_cast<std::uint32_t>(address % kPageBytes);
  for (const Entry& entry : pages_[*known]) {
    if (entry.offset == offset) return &clocks_[entry.number];
  }
  return nullptr;
}

void AtomicClocks::retire_in_page(std::uint64_t page, std::uint64_t begin, std::uint64_t end) {
  const std::uint32_t* known = numbers_.find(page);
  if (known == nullptr) return;
  std::erase_if(pages_[*known], [&](const Entry& entry) {
    const std::uint64_t address = (page << kPageBits) + entry.offset;
    if (address < begin || address >= end) return false;
    clocks_[entry.number].clear();
    free_.push_back(entry.number);
    return true;
  });
}

void AtomicClocks::retire_range(std::uint64_t begin, std::uint64_t bytes) {
  if (bytes == 0 || pages_.empty()) return;
  const std::uint64_t end = begin + bytes;
  const std::uint64_t first = begin >> kPageBits;
  const std::uint64_t last = (end - 1) >> kPageBits;
  if (last - first <= pages_.size()) {
    for (std::uint64_t page = first; page <= last; ++page) retire_in_page(page, begin, end);
    return;
  }
  for (const std::uint64_t page : addresses_) {  // a huge range: look at what there is
    if (page >= first && page <= last) retire_in_page(page, begin, end);
  }
}

}  // namespace raddle::order
