// SPDX-License-Identifier: Apache-2.0
// What some tasks did, one after the other: the way to a finding, as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/model/finding.h"

namespace raddle::viewer {

struct EventLine {
  std::int64_t time_ns = 0;
  TaskId task = 0;
  std::string text;     // "locks mutex A", "waits to lock mutex B, held by T3"
  std::string shorter;  // for less room; may be empty
  StackId stack = 0;    // where; 0: unknown
  bool is_wait = false;
  bool is_part = false;  // of the finding: what a party did, or where it took what it holds
};

// The moments and the waits of `tasks` that begin in [begin_ns, end_ns), and the accesses of
// `finding` (may be null), in the order of time; of more than `most`, the last ones before
// `focus_ns` and a few behind it. Costs a search in each task, and `most` steps. Threads of the
// runtime are not told of.
std::vector<EventLine> events_of(const Analysis& analysis, const Finding* finding,
                                 const std::vector<TaskId>& tasks, double begin_ns, double end_ns,
                                 std::int64_t focus_ns, std::size_t most);

}  // namespace raddle::viewer
