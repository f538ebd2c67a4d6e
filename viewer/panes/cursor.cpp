// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/cursor.h"

#include <algorithm>
#include <cmath>

#include "viewer/layout/influences.h"
#include "viewer/layout/words.h"
#include "viewer/panes/mark_labels.h"

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

// From who is waited for to whom that one waits for ...
void wait_chain(Canvas& canvas, const Analysis& analysis, const BarOf& bar_of,
                Selection& selection) {
  Spot spot = selection.cursor;
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

// What the span goes back to, the fainter the further, and what it did to others.
void influences(Canvas& canvas, const Run& run, const BarOf& bar_of, Selection& selection) {
  const ImVec2 low = canvas.list()->GetClipRectMin();
  const ImVec2 high = canvas.list()->GetClipRectMax();
  MarkLabels labels({low.x, low.y, high.x, high.y});
  labels.spare_words(selection.records);
  for (const Influence& influence : influences_of(run, selection.cursor, kMostArrows)) {
    const auto from = bar_of(influence.from.task);
    const auto to = bar_of(influence.to.task);
    if (!from || !to) continue;
    const Point a = {selection.axis.x_of(static_cast<double>(influence.from.time_ns)),
                     from->middle_y()};
    const Point b = {selection.axis.x_of(static_cast<double>(influence.to.time_ns)),
                     to->middle_y()};
    const auto alpha = static_cast<ImU32>(255 - 70 * influence.depth);
    canvas.arrow(a, b, with_alpha(theme().text, alpha), 2,
                 std::round(ImGui::GetFontSize() * 0.75F));
    labels.on_line(a, b, influence.text, {theme().casing, theme().text, 0});
    selection.records.add(
        {RecordKind::kMark,
         0,
         0,
         {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)},
         "influence: " + short_task_label(run, influence.from.task) + " " + influence.text +
             ", seen by " + short_task_label(run, influence.to.task),
         0,
         1,
         true});
  }
  labels.draw(canvas, 0, selection.records);
}

}  // namespace

void draw_cursor(Canvas& canvas, const Analysis& analysis, const BarOf& bar_of,
                 Selection& selection) {
  const Spot& spot = selection.cursor;
  const auto span = span_at(analysis.run, spot);
  const auto bar = span ? bar_of(spot.task) : std::nullopt;
  if (!span || !bar) return;
  frame(canvas, analysis.run.tasks[spot.task], *span, *bar, selection);
  wait_chain(canvas, analysis, bar_of, selection);
  influences(canvas, analysis.run, bar_of, selection);
}

}  // namespace raddle::viewer
