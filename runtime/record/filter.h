// SPDX-License-Identifier: Apache-2.0
// A thread's filter: which accesses it has recorded in this epoch (hooks.h has the layout).
//
// It is as large as epochs are long. Where locks are taken every few accesses one that fits the
// first-level cache knows all there is to know, and compiled code looks into it at each access;
// where a task runs for long a large one saves records that a small one would have forgotten. The
// largest comes out of the third-level cache, so that it is taken only by who comes back to what
// has been forgotten: for who walks over ever new memory it would be slower and save nothing.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/hooks/hooks.h"

namespace raddle::record {

// Owned by a ThreadRecorder, used by its thread alone.
class Filter {
 public:
  // False: there is no memory, and nothing else may be called.
  bool map() noexcept;
  void unmap() noexcept;

  // From now on compiled code of this thread looks into it; or records nothing. A handler of a
  // signal never finds one part of the new state with another of the old.
  void show() const noexcept {
    hide();
    __raddle_thread.epoch = epoch_ << 16;
    __raddle_thread.granules = (kEntries[size_] - 1) << 3;
    std::atomic_signal_fence(std::memory_order_release);
    __raddle_thread.filter = memory_ + kStart[size_];
    pass_tick();
  }
  static void hide() noexcept {
    __raddle_thread.filter = nullptr;
    std::atomic_signal_fence(std::memory_order_release);
    pass_tick();
  }

  // Whatever was seen (hooks.h, ThreadState::tick) has to be looked at again; begin_ticks: by a
  // thread that is about to record, which may go on with the stack of another.
  static void pass_tick() noexcept { __raddle_thread.tick = __raddle_thread.tick + 1; }
  static void begin_ticks() noexcept;

  // Forgets everything: if nothing was unknown since it did so last, there is nothing.
  void begin_epoch() noexcept {
    if (left_ == most_) return;
    short_epochs_ = left_ > left_of_few_ ? short_epochs_ + 1 : 0;
    left_ = most_;
    pass_tick();
    if (short_epochs_ == kManyShort || ++epoch_ == end_) [[unlikely]]
      return begin_epoch_anew();
    __raddle_thread.epoch = epoch_ << 16;
  }

  // Forgets the granules that these bytes lie in.
  void forget(std::uint64_t address, std::uint64_t bytes) noexcept;

  // While it is shown: what the thread's filter has of the granule of an address. granule_in: in
  // `filter`, which was __raddle_thread.filter.
  struct Granule {
    std::uint64_t* entry;
    std::uint64_t key;  // what the entry's upper bits are if it is of this granule, in this epoch
  };
  [[gnu::always_inline]] static Granule granule_of(std::uint64_t address) noexcept {
    return granule_in(__raddle_thread.filter, address);
  }
  [[gnu::always_inline]] static Granule granule_in(std::uint64_t* filter,
                                                   std::uint64_t address) noexcept {
    const std::uint64_t offset = address & __raddle_thread.granules;
    return {reinterpret_cast<std::uint64_t*>(reinterpret_cast<char*>(filter) + offset),
            key_of(address)};
  }
  [[gnu::always_inline]] static std::uint64_t key_of(std::uint64_t address) noexcept {
    return ((address & ~std::uint64_t{7}) << 16) + __raddle_thread.epoch;
  }
  // Whether the bytes of `mask` (hooks.h: bits 15..0) are known; learn: they are from now on.
  [[gnu::always_inline]] static bool knows(Granule granule, std::uint64_t mask) noexcept {
    const std::uint64_t entry = *granule.entry;
    return (entry ^ granule.key) >> 16 == 0 && (entry & mask) == mask;
  }
  [[gnu::always_inline]] static bool learn(Granule granule, std::uint64_t mask) noexcept {
    const std::uint64_t entry = *granule.entry;
    const std::uint64_t known = (entry ^ granule.key) >> 16 == 0 ? entry : granule.key;
    *granule.entry = known | mask;
    return (known & mask) == mask;
  }
  // Something was not known: these bytes, of the granule of an address. Takes a larger one, which
  // knows nothing, when this one has become too small for the epoch.
  [[gnu::always_inline]] void count_unknown(std::uint64_t address, std::uint64_t mask) noexcept {
    if ((address & kNotWatched) == 0) [[unlikely]]
      watch(address, mask);
    if (--left_ == 0) [[unlikely]]
      grow_if_too_small();
  }

 private:
  static constexpr std::size_t kSizes = 4;
  static constexpr std::size_t kEntries[kSizes] = {std::size_t{1} << 9, std::size_t{1} << 14,
                                                   std::size_t{1} << 16, std::size_t{1} << 20};
  static constexpr std::size_t kBehind = hooks::kMostGranules;
  // A granule in this many bytes is watched, in a table of its own, which forgets less than the
  // filter: whether an access that is not known was known once.
  static constexpr std::uint64_t kWatchedBytes = 1024;
  static constexpr std::uint64_t kNotWatched = kWatchedBytes - 8;
  static constexpr std::size_t kWatched = std::size_t{1} << 14;
  static constexpr std::size_t kLastButOne = kSizes - 2;

  // Of the sizes, the largest first, which begins with a large page; of the watched granules; and
  // the end.
  static constexpr std::size_t kStart[kSizes] = {
      kEntries[3] + kEntries[2] + kEntries[1] + 3 * kBehind,
      kEntries[3] + kEntries[2] + 2 * kBehind, kEntries[3] + kBehind, 0};
  static constexpr std::size_t kWatchedStart = kStart[0] + kEntries[0] + kBehind;
  static constexpr std::uintptr_t kLargePage = std::uintptr_t{2} << 20;
  static constexpr std::size_t kBytes = (kWatchedStart + kWatched) * sizeof(std::uint64_t);
  static constexpr unsigned kManyShort = 16;

  // What an entry has of its address and of the epoch lies in the same bits, as many as there are
  // in the entry's own address. Compiled code looks for what no entry has by an address that is up
  // to a granule greater.
  static constexpr std::uint64_t end_of_epochs(std::size_t size) {
    return (kEntries[size] << 3) - 8;
  }
  // With as many unknown in an epoch a larger one is better, if there is one.
  static constexpr std::uint64_t most_of(std::size_t size) {
    return size + 1 == kSizes ? ~std::uint64_t{0} : kEntries[size] / 2;
  }

  [[gnu::always_inline]] void watch(std::uint64_t address, std::uint64_t mask) noexcept {
    if (size_ != kLastButOne) return;
    std::uint64_t* entry = memory_ + kWatchedStart + (address / kWatchedBytes) % kWatched;
    ++unknown_watched_;
    if (learn({entry, key_of(address)}, mask)) ++came_back_;
  }

  // Called from hooks that may call nothing.
  [[gnu::always_inline]] void grow_if_too_small() noexcept {
    constexpr std::uint64_t kOneIn = 16;
    if (size_ == kLastButOne && came_back_ * kOneIn < unknown_watched_) {
      left_ = left_of_few_;  // an epoch of more than few
      unknown_watched_ /= 2;
      came_back_ /= 2;
      return;
    }
    grow();
  }
  // There is an epoch left: shrink() sees to that.
  [[gnu::always_inline]] void grow() noexcept {
    epochs_[size_] = epoch_;
    set_size(size_ + 1);
    epoch_ = epochs_[size_] + 1;
    show();
  }
  [[gnu::always_inline]] void set_size(std::size_t size) noexcept {
    size_ = size;
    end_ = end_of_epochs(size);
    most_ = most_of(size);
    left_of_few_ = size == 0 ? most_ : most_ - kEntries[size - 1] / 8;
    left_ = most_;
    short_epochs_ = 0;
    unknown_watched_ = came_back_ = 0;
  }
  void begin_epoch_anew() noexcept;
  void shrink() noexcept;
  void clear(std::size_t size) noexcept;

  void* mapped_ = nullptr;
  std::uint64_t* memory_ = nullptr;
  std::size_t size_ = 0;
  std::uint64_t epoch_ = 1;
  std::uint64_t end_ = end_of_epochs(0);
  std::uint64_t most_ = most_of(0);
  std::uint64_t left_ = most_of(0);         // of `most_`, less what was not known in this epoch
  std::uint64_t left_of_few_ = most_of(0);  // with more than that left a smaller filter does
  unsigned short_epochs_ = 0;               // one after the other, with few
  std::uint64_t epochs_[kSizes] = {};       // the last of each other size
  std::uint64_t unknown_watched_ = 0;       // of those that were not known, in watched granules
  std::uint64_t came_back_ = 0;             // of these, the ones that had been
};

}  // namespace raddle::record
