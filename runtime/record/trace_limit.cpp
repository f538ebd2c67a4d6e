// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/trace_limit.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "runtime/record/clock.h"
#include "runtime/record/counters.h"

namespace raddle::record {
namespace {

constexpr std::uint64_t kPeriods = 8;  // that a trace of full size has
constexpr std::uint64_t kLeastChunks = 8;

}  // namespace

bool TraceLimit::begin(std::uint64_t bytes, std::size_t chunk_bytes, trace::Cut* cut) noexcept {
  if (memory_ == nullptr) {
    void* memory = ::mmap(nullptr, sizeof(Memory), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    memory_ = static_cast<Memory*>(memory);
  }
  first_ = last_ = sealed_bytes_ = free_ = bytes_in_period_ = 0;
  period_ = published_ = 0;
  chunk_bytes_ = chunk_bytes;
  most_bytes_ = std::max(bytes / 4 * 3, kLeastChunks * chunk_bytes);  // a quarter: definitions
  cut_ = cut;
  return true;
}

void TraceLimit::add_sealed(std::uint32_t place, std::uint64_t used_bytes) noexcept {
  if (!exists() || last_ - first_ == kMostSealed) return;
  const std::uint64_t bytes =
      (used_bytes + trace::kPageBytes - 1) / trace::kPageBytes * trace::kPageBytes;
  memory_->sealed[last_++ % kMostSealed] = {place, period_, bytes};
  sealed_bytes_ += bytes;
  bytes_in_period_ += bytes;
  if (bytes_in_period_ >= most_bytes_ / kPeriods) begin_period();
}

void TraceLimit::add_free(std::uint32_t place) noexcept {
  if (free_ < kMostSealed) memory_->free[free_++] = place;
}

std::int64_t TraceLimit::take_free() noexcept {
  return exists() && free_ != 0 ? std::int64_t{memory_->free[--free_]} : -1;
}

void TraceLimit::begin_period() noexcept {
  Snapshot& snapshot = memory_->snapshots[++period_ % kSnapshots];
  copy_counts(snapshot.counts);
  snapshot.ticks = ticks();
  bytes_in_period_ = 0;
}

// First the other counts, then the number that puts them in force: a killed process leaves either.
void TraceLimit::publish(std::uint32_t period) noexcept {
  const Snapshot& snapshot = memory_->snapshots[period % kSnapshots];
  const std::uint64_t number = cut_->number + 1;
  std::memcpy(cut_->counts[number % 2], snapshot.counts, sizeof snapshot.counts);
  cut_->ticks[number % 2] = snapshot.ticks;
  std::atomic_signal_fence(std::memory_order_release);
  cut_->number = number;
  published_ = period;
}

std::uint32_t TraceLimit::take_oldest() noexcept {
  const Sealed oldest = memory_->sealed[first_++ % kMostSealed];
  sealed_bytes_ -= oldest.bytes;
  if (oldest.period == period_) begin_period();
  // Of periods that are long over, a later snapshot does as well.
  const std::uint32_t first_kept = period_ < kSnapshots ? 0 : period_ - kSnapshots + 1;
  const std::uint32_t covering = std::max(oldest.period + 1, first_kept);
  if (covering > published_) publish(covering);
  return oldest.place;
}

}  // namespace raddle::record
