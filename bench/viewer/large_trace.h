// SPDX-License-Identifier: Apache-2.0
// A trace file of any size, made up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace raddle::bench {

struct LargeTrace {
  std::uint64_t events = 0;
  std::uint64_t spans = 0;  // as the timeline will count them
};

// Writes about `span_count` spans over `lane_count` threads (an even number). Threads come in pairs
// that fight for one mutex: sleep, wait, hold, let go. The first pair ends in a deadlock. The same
// arguments give the same file. Holds the file in memory while it is made.
LargeTrace write_large_trace(const std::filesystem::path& path, std::size_t span_count,
                             std::size_t lane_count);

}  // namespace raddle::bench
