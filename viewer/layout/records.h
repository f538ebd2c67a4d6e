// SPDX-License-Identifier: Apache-2.0
// What was drawn, and what it means: filled anew every frame, for pointing, for tests, for screen
// readers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/run.h"
#include "viewer/layout/geometry.h"

namespace raddle::viewer {

enum class RecordKind : std::uint8_t {
  kPane,
  kFindingCard,
  kLane,     // a task's row; id = task
  kSpan,     // id = task, index = span
  kMoment,   // id = task, index = moment
  kMark,     // id = finding's number, index = party; text = shape and words
  kLabel,    // words of a mark, where they stand; id = finding's number, index = party
  kObject,   // an object's row; id = object
  kHolding,  // id = object, index = holding
  kFill,     // id = object
  kWaiters,  // id = object, index = how many wait
  kNotch,    // a finding on the minimap; id = finding's number
  kWindow,   // the part of the minimap that the timeline shows
  kTick,
  kParty,      // id = task, index = party
  kGraphNode,  // id = task or object
  kFrame,      // a line of a stack; index = depth
  kSource,     // a line of source; id = line number; text ends with " <<" on the marked line
  kGroup,      // a group's row; index into Groups::list
  kCursor,     // the span under the cursor; id = task, index = span
  kNote,       // a bookmark's flag; index = bookmark
  kEvent,      // a line of what tasks did; id = task
  kPrompt,     // the line that the user types
  kChoice,     // a line of the palette; text ends with " <<" on the chosen one
  kTab,        // of the statistics; index into them; text ends with " <<" on the one shown
  kStatistic,  // a row of the statistics; id = task, object, or stack of a place
  kText,       // other text worth knowing: why, hint, how the run ended
};
std::string_view name_of(RecordKind kind);

struct Record {
  RecordKind kind{};
  std::uint64_t id = 0;
  std::size_t index = 0;
  Rect rect;
  std::string text;
  std::uint32_t finding = 0;  // number of the finding it belongs to; 0: none
  std::size_t merged = 1;     // spans drawn as one
  bool is_line = false;       // covers little of its rectangle: what is below can be pointed at
};

class Records {
 public:
  void clear() { list_.clear(); }
  void add(Record record) { list_.push_back(std::move(record)); }
  const std::vector<Record>& list() const { return list_; }
  // The last one drawn under the point of one of the kinds that can be pointed at, else null.
  const Record* at(Point point) const;

 private:
  std::vector<Record> list_;
};

// The list as JSON text, one record a line.
std::string to_json(const Records& records, int width, int height);

}  // namespace raddle::viewer
