// SPDX-License-Identifier: Apache-2.0
// Where the time of a run went: by task, by lock, by channel, by place in the code.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/model/run.h"
#include "viewer/layout/span_index.h"

namespace raddle::viewer {

// Lengths of waits: [i] counts those below 10^i us, [0] those below 1 us, the last one all longer.
inline constexpr std::size_t kLengthClasses = 8;
using Lengths = std::array<std::uint32_t, kLengthClasses>;
std::size_t length_class(std::int64_t length_ns);

struct StatisticRow {
  std::uint64_t id = 0;  // of the task or object; of a place: a stack that leads there
  StateTimes times{};    // of a task, all it did; else what was waited for it, by state
  std::int64_t waited_ns = 0;
  std::int64_t longest_ns = 0;  // wait
  std::uint64_t waits = 0;
  Lengths lengths{};
  std::int64_t held_ns = 0;  // of a lock: all holdings together
  std::int64_t held_most_ns = 0;
  std::uint32_t filled_most = 0;  // of a channel: the most values that it held
  std::int64_t full_ns = 0;       // of a buffered channel: the time in which it was full
};

// Each list by waited time, longest first; tasks and objects that nobody ever waited for included,
// if they did or held something.
struct Statistics {
  std::vector<StatisticRow> tasks, locks, channels, others, places;
};

// Walks over every span once; gives up, with what it has, once `is_stopped` is true. Waiting is to
// be blocked on somebody: not to sleep, not to be runnable.
Statistics statistics_of(const Run& run, const std::atomic<bool>& is_stopped);

}  // namespace raddle::viewer
