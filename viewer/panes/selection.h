// SPDX-License-Identifier: Apache-2.0
// What the user looks at. Panes talk to one another through it only.
#pragma once

#include <cstddef>
#include <string>

#include "analyzer/model/finding.h"
#include "viewer/layout/lanes.h"
#include "viewer/layout/records.h"
#include "viewer/layout/screen.h"
#include "viewer/layout/time_axis.h"
#include "viewer/panes/theme.h"

namespace raddle::viewer {

struct Selection {
  std::size_t finding = kNoFinding;  // index into Analysis::findings
  std::size_t party = 0;             // of the finding: whose stack and source come first
  TaskId task = 0;                   // a task shown instead of the finding; 0: none
  TimeAxis axis;                     // the time on the screen
  bool shows_help = false;

  // Of the frame that is being drawn.
  Screen screen;
  Fonts fonts;
  Records records;
  std::size_t merged_spans = 0;
  double hover_ns = -1;  // the time under the mouse; < 0: none

  std::string trace_name;          // as the user gave it
  double frame_time_ms = -1;       // of the frame before; < 0: not shown
  bool wants_lane_at_top = false;  // the timeline shall scroll back to the top
};

// Selects it, and frames the timeline on it. kNoFinding shows the whole run.
void select_finding(const Analysis& analysis, Selection& selection, std::size_t finding);
// `step` findings onwards, round the end.
void select_next(const Analysis& analysis, Selection& selection, int step);
// Shows a task: within the selected finding if it has a part there, else by itself.
void select_task(const Analysis& analysis, Selection& selection, TaskId task);
// Frames the timeline on what is selected.
void frame_selected(const Analysis& analysis, Selection& selection);

}  // namespace raddle::viewer
