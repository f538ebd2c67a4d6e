// SPDX-License-Identifier: Apache-2.0
// Draws what the tasks on top did, line by line, where the lanes leave room.
#pragma once

#include <string>
#include <vector>

#include "analyzer/model/finding.h"
#include "viewer/layout/event_list.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/pane_window.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

// Keeps the lines of the view before.
class EventRows {
 public:
  // `tasks` are those whose events are told, `area` the room. A click on a line goes there. Draws
  // nothing if there is room for a few lines only.
  void draw(PaneWindow& window, const Analysis& analysis, const std::vector<TaskId>& tasks,
            const Rect& area, Selection& selection);

 private:
  struct Columns {
    float time = 0, who = 0;  // widths
  };
  std::string time_text(const EventLine& line) const;
  Columns columns_of(const Run& run, float width) const;
  void row(Canvas& canvas, const Run& run, const EventLine& line, const Rect& rect,
           const Columns& columns, Selection& selection) const;

  const Finding* finding_ = nullptr;
  std::vector<TaskId> tasks_;
  double begin_ns_ = 0, end_ns_ = 0;
  std::int64_t focus_ns_ = 0;
  std::size_t most_ = 0;
  std::vector<EventLine> lines_;
};

}  // namespace raddle::viewer
