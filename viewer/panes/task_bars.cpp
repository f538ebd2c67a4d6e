// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/task_bars.h"

#include <algorithm>
#include <cmath>

#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

constexpr float kPatternMinWidth = 5;
constexpr float kPatternMinHeight = 12;
constexpr float kTickMinRoom = 7;  // closer ticks would only be noise

}  // namespace

TaskBars::Known& TaskBars::known(TaskId task) {
  const auto found = known_.find(task);
  if (found != known_.end()) return found->second;
  return known_.emplace(task, Known{SpanIndex(analysis_.run.tasks[task]), 0, 0, 0, 0, {}})
      .first->second;
}

const std::vector<PixelSpan>& TaskBars::pieces(Known& task, const TimeAxis& axis) const {
  if (task.begin_ns != axis.begin_ns() || task.end_ns != axis.end_ns() || task.x0 != axis.x0() ||
      task.x1 != axis.x1()) {
    task.pieces = task.index.pixels(axis);
    task.begin_ns = axis.begin_ns();
    task.end_ns = axis.end_ns();
    task.x0 = axis.x0();
    task.x1 = axis.x1();
  }
  return task.pieces;
}

void TaskBars::draw(Canvas& canvas, TaskId task_id, const Rect& bar, Selection& selection) {
  const Task& task = analysis_.run.tasks[task_id];
  const TimeAxis& axis = selection.axis;
  for (const PixelSpan& piece : pieces(known(task_id), axis)) {
    draw_piece(canvas, task, piece, bar, selection);
  }
  const float begin = axis.column_of(static_cast<double>(task.begin_ns));
  const float end = axis.column_of(static_cast<double>(task.end_ns));
  if (!selection.read.empty()) draw_veil(canvas, task, bar, selection);
  if (task.spans.empty() && !selection.read.empty()) return;
  if (task.spans.empty()) {
    canvas.dotted_outline({begin, bar.y0 + 2, end, bar.y1 - 2}, theme().faint, 1);
    const char* why = task.has_started ? "nothing recorded" : "never started";
    canvas.text_in({std::max(begin, axis.x0()) + 6, bar.y0, std::min(end, axis.x1()), bar.y1},
                   theme().dim, why);
  } else {
    draw_moments(canvas, task, bar, selection);
  }
  if (task.has_ended && end >= axis.x0() && end < axis.x1()) {
    canvas.fill({end, bar.y0 - 1, end + 3, bar.y1 + 1}, theme().casing);
    canvas.fill({end, bar.y0, end + 2, bar.y1}, theme().bright);
  }
}

void TaskBars::draw_piece(Canvas& canvas, const Task& task, const PixelSpan& piece, const Rect& bar,
                          Selection& selection) const {
  const StateStyle style = style_of(piece.state);
  Rect rect = {piece.x0, bar.y0, piece.x1, bar.y1};
  rect.y0 = std::round(bar.y1 - bar.height() * style.height);
  canvas.fill(rect, style.colour);
  const bool is_one = piece.count == 1;
  if (is_one && rect.width() >= kPatternMinWidth && bar.height() >= kPatternMinHeight) {
    canvas.pattern(rect, style.pattern, with_alpha(theme().pattern, 110));
    canvas.fill({rect.x0, rect.y0, rect.x0 + 1, rect.y1}, with_alpha(theme().pattern, 90));
  }
  Record record = {RecordKind::kSpan, task.id, piece.first, rect, {}, 0, piece.count};
  const float em = ImGui::GetFontSize();
  const bool has_words = is_one && piece.state != State::kRunning && style.height == 1;
  if (has_words && rect.width() > em * 1.5F) {
    const float pad = std::round(em * 0.35F);
    for (const std::string& text : words_.of(task, piece.first)) {
      const float width = text_width(text);
      if (width + 2 * pad + 2 > rect.width()) continue;
      const Rect label = {rect.x0 + 2, bar.y0 + 1, rect.x0 + 2 + width + 2 * pad, bar.y1 - 1};
      canvas.fill(label, style.colour);  // the pattern must not run through the words
      canvas.text_in({label.x0 + pad, bar.y0, label.x1 + 1, bar.y1}, style.ink, text);
      record.text = text;
      break;
    }
  }
  selection.merged_spans += is_one ? 0 : piece.count;
  selection.records.add(std::move(record));
}

void TaskBars::draw_veil(Canvas& canvas, const Task& task, const Rect& bar,
                         Selection& selection) const {
  const TimeAxis& axis = selection.axis;
  const Stretch read = selection.read[task.id];
  const auto veil = [&](std::int64_t begin_ns, std::int64_t end_ns) {
    const float x0 = std::max(axis.column_of(static_cast<double>(begin_ns)), axis.x0());
    const float x1 = std::min(axis.column_of(static_cast<double>(end_ns)), axis.x1());
    if (x0 >= x1) return;
    canvas.fill({x0, bar.y0, x1, bar.y1}, theme().background);
    canvas.pattern({x0, bar.y0, x1, bar.y1}, Pattern::kHatch, theme().grid);
    selection.records.add(
        {RecordKind::kText, task.id, 0, {x0, bar.y0, x1, bar.y1}, "not yet read", 0, 1});
  };
  if (read.is_empty()) return veil(task.begin_ns, task.end_ns);
  veil(task.begin_ns, read.begin_ns);
  veil(read.end_ns, task.end_ns);
}

// A small tick for what the task did; with words if `room` has the width.
void TaskBars::draw_moment(Canvas& canvas, const Task& task, std::size_t number, const Rect& room,
                           Selection& selection) const {
  const Moment moment = task.moments[number];
  const ImU32 ink = style_of(State::kRunning).ink;
  canvas.fill({room.x0, room.y1 - 5, room.x0 + 1, room.y1}, ink);
  const float pad = std::round(ImGui::GetFontSize() * 0.6F);
  const bool is_internal = moment.object < analysis_.run.objects.size() &&
                           analysis_.run.objects[moment.object].is_internal;
  // What went wrong is said by the finding's mark.
  const trace::Effect effect = trace::effect_of(moment.kind);
  const bool is_wrong = effect == trace::Effect::kMisuses || effect == trace::Effect::kPanics;
  if (room.width() < 4 * pad || is_internal || is_wrong) return;
  std::string words(trace::verb_of(moment.kind));
  if (moment.object != 0) {
    words += " " + short_object_label(analysis_.run, moment.object);
  } else if (moment.peer != 0) {
    words += " " + short_task_label(analysis_.run, moment.peer);
  }
  const float width = text_width(words);
  if (width + 2 * pad > room.width()) return;
  canvas.text_in({room.x0 + pad, room.y0, room.x0 + pad + width + 1, room.y1}, ink, words);
  selection.records.add({RecordKind::kMoment,
                         task.id,
                         number,
                         {room.x0, room.y0, room.x0 + pad + width, room.y1},
                         words,
                         0,
                         1});
}

// Up to the next moment, a moment has the room.
void TaskBars::draw_moments(Canvas& canvas, const Task& task, const Rect& bar,
                            Selection& selection) const {
  const TimeAxis& axis = selection.axis;
  const auto before = [](const Moment& m, double t) { return static_cast<double>(m.time_ns) < t; };
  auto at = std::lower_bound(task.moments.begin(), task.moments.end(), axis.begin_ns(), before);
  const SpanIndex& index = known_.at(task.id).index;
  while (at != task.moments.end()) {
    const float x = axis.column_of(static_cast<double>(at->time_ns));
    if (x >= axis.x1()) return;
    const std::size_t span = task.spans.empty() ? 0 : index.find(static_cast<double>(at->time_ns));
    const auto next = std::lower_bound(at + 1, task.moments.end(), axis.time_of(x + 3), before);
    float limit = axis.x_of(static_cast<double>(index.end_of(span)));
    if (next != task.moments.end()) {
      limit = std::min(limit, axis.x_of(static_cast<double>(next->time_ns)));
    }
    if (task.spans[span].state == State::kRunning && limit - x >= kTickMinRoom) {
      const auto number = static_cast<std::size_t>(at - task.moments.begin());
      draw_moment(canvas, task, number, {x, bar.y0, limit, bar.y1}, selection);
    }
    at = next;
  }
}

}  // namespace raddle::viewer
