// SPDX-License-Identifier: Apache-2.0
// Draws an object's row: who held it when, or how full it was, and who of the finding waited.
#pragma once

#include <vector>

#include "analyzer/model/finding.h"
#include "viewer/layout/object_waits.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

// The width that the words of its row need.
float object_label_width(const Run& run, ObjectId object);

// `label` is the row's left part, `bar` its part on the time axis, `waits` ObjectWaits::of it.
void draw_object_row(Canvas& canvas, const Analysis& analysis, ObjectId object, const Rect& label,
                     const Rect& bar, const std::vector<WaitStep>& waits, Selection& selection);

}  // namespace raddle::viewer
