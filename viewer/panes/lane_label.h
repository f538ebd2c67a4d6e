// SPDX-License-Identifier: Apache-2.0
// Draws the left part of a task's lane: the finding's number, the task's name, where it is.
#pragma once

#include "analyzer/model/finding.h"
#include "viewer/layout/lanes.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

// The width that its longest line needs, with all that stands before it.
float lane_label_width(const TaskLane& lane, const Analysis& analysis, const Selection& selection);

void draw_lane_label(Canvas& canvas, const Rect& rect, const TaskLane& lane,
                     const Analysis& analysis, const Selection& selection);

}  // namespace raddle::viewer
