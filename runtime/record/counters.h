// SPDX-License-Identifier: Apache-2.0
// The numbers of events: one counter for each order domain (trace/format.h).
#pragma once

#include <atomic>
#include <cstdint>

#include "trace/format.h"

namespace raddle::record {

// In cache lines of their own: threads that use different objects rarely meet.
struct alignas(64) Counter {
  std::atomic<std::uint32_t> value{0};
};
inline constinit Counter g_counters[trace::kOrderDomains];

void note_first_use(std::uint32_t domain) noexcept;

// The next number of the domain.
inline std::uint32_t next_seq(std::uint32_t domain) noexcept {
  // Relaxed: the object's own lock orders callers; the counter only numbers them.
  const std::uint32_t before = g_counters[domain].value.fetch_add(1, std::memory_order_relaxed);
  if (before == 0) [[unlikely]]
    note_first_use(domain);
  return before + 1;
}
// The last ones of all trace::kOrderDomains, one after the other.
void copy_counts(std::uint32_t* counts) noexcept;

}  // namespace raddle::record
