// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/ruler.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "viewer/layout/words.h"

namespace raddle::viewer {

void draw_ruler(Canvas& canvas, const Rect& row, float bottom, Selection& selection) {
  const float em = ImGui::GetFontSize();
  const TimeAxis& axis = selection.axis;
  const Ruler ruler = ruler_of(axis, em * 7);
  canvas.fill(row, theme().background);
  canvas.text_in({row.x0 + em, row.y0, axis.x0() - em / 2, row.y1}, theme().dim, ruler.base);
  canvas.clip({axis.x0(), row.y0, row.x1, bottom});
  for (const Tick& tick : ruler.ticks) {
    canvas.fill({tick.x, row.y1 - 5, tick.x + 1, bottom}, theme().grid);
    const Rect label = {tick.x + 4, row.y0, tick.x + 4 + text_width(tick.label), row.y1};
    if (label.x1 > row.x1) continue;
    canvas.text_in(label, theme().dim, tick.label);
    selection.records.add({RecordKind::kTick, 0, 0, label, tick.label, 0, 1});
  }
  canvas.unclip();
}

// A flag stands in the middle of the time that its bookmark shows.
void draw_flags(Canvas& canvas, const Rect& row, Selection& selection) {
  const float em = ImGui::GetFontSize();
  for (std::size_t i = 0; i < selection.notes.size(); ++i) {
    const View& view = selection.notes[i].view;
    const float x = selection.axis.column_of((view.begin_ns + view.end_ns) / 2);
    if (x < selection.axis.x0() || x >= selection.axis.x1()) continue;
    canvas.fill({x, row.y0 + 2, x + 1, row.y1}, theme().text);
    const Rect flag = canvas.pill({x, row.y0 + em * 0.8F}, theme().text, theme().background,
                                  std::to_string(i + 1));
    selection.records.add({RecordKind::kNote, 0, i, flag, selection.notes[i].text, 0, 1});
  }
}

void draw_hair_line(Canvas& canvas, const Rect& row, float bottom, const Selection& selection) {
  if (selection.hover_ns < 0) return;
  const TimeAxis& axis = selection.axis;
  const float x = axis.column_of(selection.hover_ns);
  canvas.fill({x, row.y1, x + 1, bottom}, with_alpha(theme().bright, 110));
  const std::string time = format_time(selection.hover_ns, axis.ns_per_pixel());
  const float width = text_width(time) + ImGui::GetFontSize();
  const float left = std::clamp(x - width / 2, axis.x0(), std::max(axis.x0(), axis.x1() - width));
  canvas.pill({left, row.middle_y()}, theme().text, theme().background, time);
}

}  // namespace raddle::viewer
