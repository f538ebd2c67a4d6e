// SPDX-License-Identifier: Apache-2.0
// Draws a row of the statistics: what it is about, where the time went, how long waits were.
#pragma once

#include "viewer/layout/statistics.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

struct StatisticColumns {
  Rect name, bar, waited, waits, longest, lengths, extra;  // extra may be empty
};

// Of a row in `row`; the bar gets what the others leave.
StatisticColumns statistic_columns(const Rect& row, Table table);

// `scale_ns` is the time that fills the bar.
void draw_statistic(Canvas& canvas, const StatisticRow& statistic, const Rect& rect, const Run& run,
                    Selection& selection, double scale_ns);

}  // namespace raddle::viewer
