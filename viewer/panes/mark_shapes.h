// SPDX-License-Identifier: Apache-2.0
// Draws the marks of a finding on the timeline.
#pragma once

#include <vector>

#include "analyzer/model/finding.h"
#include "viewer/layout/marks.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

// The selected finding's marks have words and arrows; the others' are small reminders.
void draw_marks(Canvas& canvas, const std::vector<Mark>& marks, const Finding& finding,
                bool is_selected, Selection& selection);

}  // namespace raddle::viewer
