// SPDX-License-Identifier: Apache-2.0
// How many tasks were in which state over the whole run, for the strip above the timeline.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analyzer/model/run.h"
#include "viewer/layout/span_index.h"

namespace raddle::viewer {

using StateCounts = std::array<std::uint32_t, kStateCount>;
inline constexpr std::size_t kPreviewColumns = 400;  // of a run that is being read

struct Minimap {
  // [column][state]: the mean number of tasks in that state during the column's share of the run.
  std::vector<std::array<float, kStateCount>> columns;
  float most = 0;  // the largest sum of a column
};

// Walks over every span once; gives up, with what it has, once `is_stopped` (may be null) is true.
// No std::stop_token: the library that pages are compiled with has none.
Minimap minimap_of(const Run& run, std::size_t column_count,
                   const std::atomic<bool>* is_stopped = nullptr);

}  // namespace raddle::viewer
