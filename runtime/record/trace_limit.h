// SPDX-License-Identifier: Apache-2.0
// A bound on the trace's size: which chunks give way to new ones, the oldest first, and what the
// file says of it (trace/cut.h).
//
// One trace's; all calls under its lock.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace/cut.h"

namespace raddle::record {

class TraceLimit {
 public:
  // Of `bytes`, in `cut`, which is all zeros. False: no memory.
  bool begin(std::uint64_t bytes, std::size_t chunk_bytes, trace::Cut* cut) noexcept;
  // There is none from now on. The memory is left alone: another process' trace may need it.
  void end() noexcept { cut_ = nullptr; }
  bool exists() const noexcept { return cut_ != nullptr; }

  // The chunk at this place of the file is whole and sealed, and has so many bytes: it may give way
  // from now on.
  void add_sealed(std::uint32_t place, std::uint64_t used_bytes) noexcept;
  // Whether an old chunk has to give way to a new one. `chunks`: that the file has places for, but
  // for those of definitions.
  bool is_reached(std::uint64_t chunks) const noexcept {
    const std::uint64_t open = chunks - free_ - (last_ - first_);
    return exists() && first_ != last_ && sealed_bytes_ + (open + 1) * chunk_bytes_ > most_bytes_;
  }
  // The place of the one that is_reached() asks for, and how many have gone before it.
  std::uint32_t oldest() const noexcept { return memory_->sealed[first_ % kMostSealed].place; }
  std::uint64_t taken() const noexcept { return first_; }
  // The place of the one that gives way; the file says so from now on.
  std::uint32_t take_oldest() noexcept;
  void count_given_up(std::uint64_t bytes) noexcept { cut_->given_up_bytes += bytes; }
  void stop_following() noexcept { cut_->is_followed = 0; }
  // Acquire: another process writes it.
  bool has_findings() const noexcept {
    return __atomic_load_n(&cut_->has_findings, __ATOMIC_ACQUIRE) != 0;
  }
  // A place that has no chunk now.
  void add_free(std::uint32_t place) noexcept;
  std::int64_t take_free() noexcept;  // less than 0: there is none

  // For definitions of given-up chunks, beside those.
  std::uint64_t most_definition_chunks() const noexcept { return most_bytes_ / chunk_bytes_ / 3; }

 private:
  static constexpr std::size_t kMostSealed = std::size_t{1} << 20;
  static constexpr std::size_t kSnapshots = 16;
  struct Sealed {
    std::uint32_t place;
    std::uint32_t period;  // in which it was sealed
    std::uint64_t bytes;   // on disk
  };
  struct Snapshot {
    std::uint64_t ticks;
    std::uint32_t counts[trace::kOrderDomains];
  };
  struct Memory {
    Sealed sealed[kMostSealed];  // a ring
    std::uint32_t free[kMostSealed];
    Snapshot snapshots[kSnapshots];
  };

  void begin_period() noexcept;
  void publish(std::uint32_t period) noexcept;

  trace::Cut* cut_ = nullptr;
  Memory* memory_ = nullptr;
  std::uint64_t most_bytes_ = 0;
  std::uint64_t chunk_bytes_ = 0;
  std::uint64_t first_ = 0, last_ = 0;  // of the ring
  std::uint64_t sealed_bytes_ = 0;      // of those in it
  std::uint64_t free_ = 0;
  // A period begins with a snapshot of the domains' counts, which covers all that was sealed before
  // it. A cut is one of them: more of them, and less is given up at once.
  std::uint32_t period_ = 0;
  std::uint32_t published_ = 0;
  std::uint64_t bytes_in_period_ = 0;
};

}  // namespace raddle::record
