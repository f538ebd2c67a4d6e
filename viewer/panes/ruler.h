// SPDX-License-Identifier: Apache-2.0
// Draws the time: the ruler with its ticks, the bookmarks' flags, the line under the mouse.
#pragma once

#include "viewer/panes/canvas.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

// `ruler` is its row, from the pane's left edge; ticks go on down to `bottom`.
void draw_ruler(Canvas& canvas, const Rect& ruler, float bottom, Selection& selection);
void draw_flags(Canvas& canvas, const Rect& ruler, Selection& selection);
void draw_hair_line(Canvas& canvas, const Rect& ruler, float bottom, const Selection& selection);

}  // namespace raddle::viewer
