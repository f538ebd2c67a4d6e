// SPDX-License-Identifier: Apache-2.0
// From a task that waits to the one it waits for, and back; from span to span.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "analyzer/model/finding.h"

namespace raddle::viewer {

// A span of a task: the one that holds at the time.
struct Spot {
  TaskId task = 0;  // 0: none
  std::int64_t time_ns = 0;

  bool operator==(const Spot&) const = default;
};

// Index of the span at the spot; none if the task has none.
std::optional<std::size_t> span_at(const Run& run, const Spot& spot);
// The task that holds what the spot waits for at the end of its wait, or at its beginning; where
// nobody holds it, the one that ended the wait. `finding`, if not null, says it for its parties.
std::optional<Spot> who_is_waited_for(const Run& run, const Finding* finding, const Spot& spot);
// A task that waits, at the spot's time, for what the spot's task holds; the first by id.
std::optional<Spot> who_waits(const Run& run, const Finding* finding, const Spot& spot);
// The beginning of the next span of the same task (step 1) or of the one before (-1).
std::optional<Spot> neighbour(const Run& run, const Spot& spot, int step);

}  // namespace raddle::viewer
