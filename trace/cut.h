// SPDX-License-Identifier: Apache-2.0
// What a trace with a bound on its size says of the chunks that it has given up.
//
// Events are numbered in their domains. All that was in those chunks has a number of its domain's
// count or less; so has whatever happened before any of it, or stands before such an event in its
// stream. What is left is whole: whatever lies between two of its events, in the order of the run,
// is there, too.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace/format.h"

namespace raddle::trace {

struct Cut {  // of the pages between a file's header page and its chunks
  // Of the counts in force: they are counts[number % 2]. 0: nothing has been given up.
  std::uint64_t number;
  std::uint64_t given_up_bytes;
  std::uint64_t ticks[2];  // when they were taken
  // 1: a checker follows (follow.h), and a chunk is given up only once it is marked as read.
  std::uint64_t is_followed;
  std::uint64_t has_findings;  // 1: that checker has told of something
  char unused[kPageBytes - 48];
  std::uint32_t counts[2][kOrderDomains];
};
static_assert(sizeof(Cut) % kPageBytes == 0);
// ChunkHeader::place of a sealed chunk that the checker has read: no chunk lies there.
inline constexpr std::uint32_t kReadPlace = 0xffff'ffff;
inline constexpr std::size_t kHeaderBytesWithCut = kPageBytes + sizeof(Cut);

}  // namespace raddle::trace
