// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/event_rows.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

constexpr std::size_t kFewest = 4;

// The latest part of the finding, else the cursor, else the end of what is on the screen.
std::int64_t focus_of(const Analysis& analysis, const Selection& selection) {
  if (selection.cursor.task != 0) return selection.cursor.time_ns;
  const Finding* finding = selected_finding(analysis, selection);
  if (finding == nullptr) return std::llround(selection.axis.end_ns());
  std::int64_t latest = 0;
  for (const Party& party : finding->parties) latest = std::max(latest, party.time_ns);
  return latest;
}

}  // namespace

void EventRows::draw(PaneWindow& window, const Analysis& analysis, const std::vector<TaskId>& tasks,
                     const Rect& area, Selection& selection) {
  const float em = ImGui::GetFontSize();
  const float step = line_height();
  const float head = std::round(em * 2.2F);
  const auto most = static_cast<std::size_t>(std::max(0.0F, (area.height() - head - em) / step));
  if (most < kFewest || tasks.empty()) return;
  const TimeAxis& axis = selection.axis;
  const std::int64_t focus_ns = focus_of(analysis, selection);
  const Finding* finding = selected_finding(analysis, selection);
  if (tasks != tasks_ || finding != finding_ || begin_ns_ != axis.begin_ns() ||
      end_ns_ != axis.end_ns() || focus_ns != focus_ns_ || most != most_) {
    tasks_ = tasks;
    finding_ = finding;
    begin_ns_ = axis.begin_ns();
    end_ns_ = axis.end_ns();
    focus_ns_ = focus_ns;
    most_ = most;
    // With the focus on the screen, the way to it may begin before; else the screen is told.
    const auto focus = static_cast<double>(focus_ns);
    const bool is_seen = focus >= begin_ns_ && focus < end_ns_;
    lines_ = events_of(analysis, finding, tasks, is_seen ? 0 : begin_ns_, end_ns_, focus_ns, most);
  }
  if (lines_.empty()) return;
  Canvas canvas = window.canvas();
  canvas.fill({area.x0, area.y0, area.x1, area.y0 + 1}, theme().rule);
  canvas.text_in({area.x0 + em * 0.7F, area.y0 + em * 0.4F, area.x1, area.y0 + head}, theme().text,
                 "What they did on the way", Align::kLeft, selection.fonts.strong);
  const Columns columns = columns_of(analysis.run, axis.x1() - area.x0);
  Rect rect = {area.x0, area.y0 + head, axis.x1(), area.y0 + head + step};
  for (const EventLine& line : lines_) {
    if (line.is_part) {
      canvas.fill(rect, theme().raised);
      canvas.fill({rect.x0, rect.y0, rect.x0 + 3, rect.y1}, colour_of(*finding));
    }
    row(canvas, analysis.run, line, rect, columns, selection);
    if (window.is_clicked(rect)) select_spot(analysis, selection, {line.task, line.time_ns});
    rect.y0 += step;
    rect.y1 += step;
  }
}

std::string EventRows::time_text(const EventLine& line) const {
  const double step = std::max((end_ns_ - begin_ns_) / 1e4, 1.0);
  return format_time(static_cast<double>(line.time_ns), step);
}

// As wide as what stands in them; names get a third of the row at most.
EventRows::Columns EventRows::columns_of(const Run& run, float width) const {
  Columns columns;
  for (const EventLine& line : lines_) {
    columns.time = std::max(columns.time, text_width(time_text(line)));
    columns.who = std::max(columns.who, text_width(task_label(run, line.task)));
  }
  columns.who = std::min(columns.who, width / 3);
  return columns;
}

void EventRows::row(Canvas& canvas, const Run& run, const EventLine& line, const Rect& rect,
                    const Columns& columns, Selection& selection) const {
  const float em = ImGui::GetFontSize();
  const float time_x1 = rect.x0 + em * 0.7F + columns.time;
  canvas.text_in({rect.x0, rect.y0, time_x1, rect.y1}, theme().faint, time_text(line),
                 Align::kRight);
  const Rect who = {time_x1 + em, rect.y0, time_x1 + em + columns.who, rect.y1};
  canvas.text_in(who, theme().dim, task_label(run, line.task));
  const Frame* frame = user_frame(run, line.stack);
  const bool is_users = frame != nullptr && !frame->is_library;
  const std::string where = is_users ? short_place_text(*frame) : std::string();
  const float where_x0 = rect.x1 - (where.empty() ? 0 : text_width(where) + em);
  const Rect what = {who.x1 + em, rect.y0, where_x0, rect.y1};
  const bool is_short = !line.shorter.empty() && text_width(line.text) > what.width();
  canvas.text_in(what, line.is_wait ? theme().text : theme().dim,
                 is_short ? line.shorter : line.text);
  canvas.text_in(rect, theme().faint, where, Align::kRight);
  selection.records.add(
      {RecordKind::kEvent, line.task, 0, rect,
       short_task_label(run, line.task) + " " + line.text + (where.empty() ? "" : "   " + where), 0,
       1});
}

}  // namespace raddle::viewer
