// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/cursor.h"

#include <algorithm>
#include <cmath>

#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

constexpr int kMostArrows = 3;

void frame(Canvas& canvas, const Task& task, std::size_t span, const Rect& bar,
           Selection& selection) {
  const TimeAxis& axis = selection.axis;
  const std::int64_t end = end_of_span(task, span);
  const float x0 = axis.column_of(static_cast<double>(task.spans[span].begin_ns));
  const float x1 = std::max(axis.column_of(static_cast<double>(end)), x0 + 2);
  const Rect rect = {std::max(x0, axis.x0() - 8), bar.y0 - 3, std::min(x1, axis.x1() + 8),
                     bar.y1 + 3};
  if (rect.x1 < axis.x0() || rect.x0 > axis.x1()) return;
  canvas.outline(rect, theme().casing, 4);
  canvas.dotted_outline(rect, theme().bright, 2);
  selection.records.add({RecordKind::kCursor, task.id, span, rect, {}, 0, 1, true});
}

}  // namespace

void draw_cursor(Canvas& canvas, const Analysis& analysis, const BarOf& bar_of,
                 Selection& selection) {
  Spot spot = selection.cursor;
  const auto span = span_at(analysis.run, spot);
  const auto bar = span ? bar_of(spot.task) : std::nullopt;
  if (!span || !bar) return;
  frame(canvas, analysis.run.tasks[spot.task], *span, *bar, selection);
  const float x = selection.axis.column_of(static_cast<double>(spot.time_ns));
  std::vector<TaskId> seen = {spot.task};
  for (int depth = 0; depth < kMostArrows; ++depth) {
    const auto next = who_is_waited_for(analysis.run, nullptr, spot);
    const auto from = bar_of(spot.task);
    const auto to = next ? bar_of(next->task) : std::nullopt;
    if (!from || !to) return;
    const float at = std::clamp(x + static_cast<float>(depth) * 12, selection.axis.x0() + 8,
                                selection.axis.x1() - 8);
    const Point a = {at, from->middle_y()};
    const Point b = {at, to->middle_y()};
    canvas.arrow(a, b, theme().bright, 2.5F, std::round(ImGui::GetFontSize() * 0.75F));
    selection.records.add({RecordKind::kMark,
                           0,
                           0,
                           {at - 4, std::min(a.y, b.y), at + 4, std::max(a.y, b.y)},
                           "chain: " + short_task_label(analysis.run, spot.task) + " waits for " +
                               short_task_label(analysis.run, next->task),
                           0,
                           1,
                           true});
    if (std::find(seen.begin(), seen.end(), next->task) != seen.end()) return;
    seen.push_back(next->task);
    spot = *next;
  }
}

}  // namespace raddle::viewer
