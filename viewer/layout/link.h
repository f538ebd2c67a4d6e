// SPDX-License-Identifier: Apache-2.0
// What is on the screen, as one word:
// "#f=1&t=4.0-5.0&task=12&pin=12,17&filter=fn:bank&table=locks".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/run.h"
#include "trace/result.h"

namespace raddle::viewer {

// Which statistics stand in the timeline's place.
enum class Table : unsigned char { kNone, kTasks, kLocks, kChannels, kOthers, kPlaces };

struct View {
  std::uint32_t finding = 0;  // its number; 0: none
  TaskId task = 0;            // 0: none
  double begin_ns = -1;       // the time on the screen
  double end_ns = -1;         // <= begin_ns: the one that shows what is selected
  std::vector<TaskId> pins;
  std::string filter;
  Table table = Table::kNone;

  bool operator==(const View&) const = default;
};

// Times in seconds, to the nanosecond.
std::string to_link(const View& view);
// Reads what to_link wrote; the '#' may be missing. Fails with the part that cannot be read.
Result<View> parse_link(std::string_view link);

}  // namespace raddle::viewer
