// SPDX-License-Identifier: Apache-2.0
// How a running recorder is told whether to record memory accesses: by two words of 4 bytes at the
// end of its trace's header page, which it has mapped.
//
// Synchronisation is recorded in any case: without it, what is recorded later could not be ordered.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace/format.h"

namespace raddle::trace {

enum class Accesses : std::uint32_t { kRecorded = 0, kStopped = 1, kSampled = 2 };

struct Control {
  std::uint32_t accesses;    // Accesses: what is asked for; threads follow at their next event
  std::uint32_t are_missed;  // 1: at some time a thread did not record them
};
inline constexpr std::size_t kControlOffset = kPageBytes - sizeof(Control);
static_assert(sizeof(FileHeader) <= kControlOffset);

}  // namespace raddle::trace
