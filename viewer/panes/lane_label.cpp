// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/lane_label.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

void badge(Canvas& canvas, Point at, const Finding& finding) {
  const float em = ImGui::GetFontSize();
  const std::string number = std::to_string(finding.id);
  const float width = std::max(std::round(em * 1.3F), text_width(number) + em * 0.5F);
  const Rect box = {at.x, std::round(at.y - em * 0.65F), at.x + width,
                    std::round(at.y + em * 0.65F)};
  const bool is_hollow = finding.certainty == Certainty::kPredicted;
  if (is_hollow) {
    canvas.outline(box, colour_of(finding), 1, 3);
  } else {
    canvas.fill(box, colour_of(finding), 3);
  }
  canvas.text_in({box.x0, box.y0, box.x1 + 1, box.y1}, is_hollow ? theme().text : theme().casing,
                 number, Align::kCentre);
}

// Where the task is in the finding; else where it last waited, as far as its last spans tell.
StackId telling_stack(const Task& task, const Analysis& analysis, const Selection& selection) {
  if (selection.finding != kNoFinding) {
    for (const Party& party : analysis.findings[selection.finding].parties) {
      if (party.task == task.id && party.stack != 0) return party.stack;
    }
  }
  constexpr std::size_t kLookBack = 64;
  const std::size_t last = task.spans.size();
  for (std::size_t i = last; i > 0 && last - i < kLookBack; --i) {
    if (task.spans[i - 1].stack != 0) return task.spans[i - 1].stack;
  }
  return 0;
}

std::string where_of(const Analysis& analysis, const Selection& selection, TaskId id) {
  const Run& run = analysis.run;
  const Task& task = run.tasks[id];
  if (const Frame* frame = user_frame(run, telling_stack(task, analysis, selection))) {
    const std::string function = short_function(frame->function);
    if (function != short_function(task.name)) return function;  // no news otherwise
  }
  const Frame* frame = user_frame(run, task.created_at);
  return frame == nullptr ? std::string() : "from " + short_place_text(*frame);
}

float indent() { return std::round(ImGui::GetFontSize() * 2.5F); }

}  // namespace

float lane_label_width(const TaskLane& lane, const Analysis& analysis, const Selection& selection) {
  return indent() + 5 +
         std::max(text_width(task_label(analysis.run, lane.task)),
                  text_width(where_of(analysis, selection, lane.task)));
}

void draw_lane_label(Canvas& canvas, const Rect& rect, const TaskLane& lane,
                     const Analysis& analysis, const Selection& selection) {
  const float em = ImGui::GetFontSize();
  const float x = rect.x0 + indent();
  if (!lane.findings.empty()) {
    const bool is_of_selected = std::find(lane.findings.begin(), lane.findings.end(),
                                          selection.finding) != lane.findings.end();
    const Finding& finding =
        analysis.findings[is_of_selected ? selection.finding : lane.findings.front()];
    badge(canvas, {rect.x0 + std::round(em * 0.6F), rect.middle_y()}, finding);
    canvas.fill({rect.x0, rect.y0, rect.x0 + 3, rect.y1 - 1}, colour_of(finding));
  }
  const float half = std::round(em * 1.2F);
  const float right = rect.x1 - 4;
  const std::string where = where_of(analysis, selection, lane.task);
  const float top = std::round(rect.middle_y() - (where.empty() ? half / 2 : half));
  canvas.text_in({x, top, right, top + half}, theme().text, task_label(analysis.run, lane.task));
  canvas.text_in({x, top + half, right, top + 2 * half}, theme().faint, where);
}

}  // namespace raddle::viewer
