// SPDX-License-Identifier: Apache-2.0
// How far a trace is checked, while it is, and what the run looks like up to there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viewer/layout/minimap.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

struct Progress {
  std::string trace;
  double share = 0;  // that has been read
  std::uint64_t events = 0, tasks = 0;
  double left_s = -1;                // < 0: unknown
  std::vector<StateCounts> columns;  // of kPreviewColumns: tasks by state, from the run's begin on
};

// The tasks of a run that is being read, by what they do at its end so far.
StateCounts count_states(const Run& so_far);

// How far it is: "34 %, 8 s left".
std::string words_of(const Progress& progress);
// The strip as far as it is known, within `area`.
void draw_so_far(Canvas& canvas, const Rect& area, const std::vector<StateCounts>& columns);

// Fills the side.
void draw_progress(const Progress& progress, Selection& selection);

}  // namespace raddle::viewer
