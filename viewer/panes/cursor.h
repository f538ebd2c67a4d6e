// SPDX-License-Identifier: Apache-2.0
// Draws the cursor: a frame round its span, and arrows along the chain of those that it waits for.
#pragma once

#include "analyzer/model/finding.h"
#include "viewer/layout/marks.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

void draw_cursor(Canvas& canvas, const Analysis& analysis, const BarOf& bar_of,
                 Selection& selection);

}  // namespace raddle::viewer
