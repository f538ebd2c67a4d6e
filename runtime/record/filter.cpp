// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/filter.h"

#include <sys/mman.h>

#include <atomic>
#include <cstring>

#include "runtime/record/hidden.h"

namespace raddle::record {

// The largest lies in large pages, where there are such: it is looked into at random.
bool Filter::map() noexcept {
  mapped_ = map_hidden(kBytes + kLargePage);
  if (mapped_ == nullptr) return false;
  const auto begin = reinterpret_cast<std::uintptr_t>(mapped_);
  memory_ = reinterpret_cast<std::uint64_t*>((begin + kLargePage - 1) & ~(kLargePage - 1));
  ::madvise(memory_, kEntries[kSizes - 1] * sizeof *memory_, MADV_HUGEPAGE);
  return true;
}

void Filter::unmap() noexcept {
  if (mapped_ != nullptr) unmap_hidden(mapped_, kBytes + kLargePage);
  mapped_ = nullptr;
  memory_ = nullptr;
}

// Relaxed: the number alone is used.
void Filter::begin_ticks() noexcept {
  static constinit std::atomic<std::uint64_t> threads{0};
  constexpr unsigned kTicksOfThread = 40;
  __raddle_thread.tick = (threads.fetch_add(1, std::memory_order_relaxed) + 1) << kTicksOfThread;
}

void Filter::forget(std::uint64_t address, std::uint64_t bytes) noexcept {
  pass_tick();
  std::uint64_t* table = memory_ + kStart[size_];
  for (std::uint64_t granule = address >> 3; granule <= (address + bytes) >> 3; ++granule) {
    table[granule & (kEntries[size_] - 1)] = 0;
  }
}

void Filter::begin_epoch_anew() noexcept {
  if (short_epochs_ == kManyShort) {
    shrink();
  } else {
    clear(size_);
    epoch_ = 1;
  }
  if (__raddle_thread.filter != nullptr) show();
}

void Filter::shrink() noexcept {
  epochs_[size_] = epoch_;
  if (epoch_ + 1 == end_of_epochs(size_)) clear(size_);
  set_size(size_ - 1);
  epoch_ = epochs_[size_] + 1;
  if (epoch_ == end_of_epochs(size_)) {
    clear(size_);
    epoch_ = 1;
  }
}

void Filter::clear(std::size_t size) noexcept {
  std::memset(memory_ + kStart[size], 0, kEntries[size] * sizeof *memory_);
  epochs_[size] = 0;
}

}  // namespace raddle::record
