// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/lane_rows.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "viewer/layout/words.h"
#include "viewer/panes/lane_label.h"

namespace raddle::viewer {
namespace {

constexpr std::size_t kMostAtOnce = 1 << 12;  // tasks of a group; more are sorted in the background

// "8 x stage", and below it where they come from, or what they are for.
struct GroupWords {
  std::string name, detail;
};
GroupWords words_of(const TaskGroup& group, std::size_t count) {
  const std::string name = group.name.empty() ? "tasks" : group.name;
  return {format_count(count) + " x " + name, group.is_runtime ? "they carry tasks" : group.place};
}

float group_indent() { return std::round(ImGui::GetFontSize() * 2.5F); }

}  // namespace

float LaneRows::label_width(const TaskLane& lane, const Selection& selection) const {
  if (lane.task != 0) return lane_label_width(lane, analysis_, selection);
  const GroupWords words = words_of(groups_.list()[lane.group], lane.members.size());
  return group_indent() + 5 + std::max(text_width(words.name), text_width(words.detail));
}

Rect LaneRows::bar_in(const Rect& row, const TimeAxis& axis) {
  const float em = ImGui::GetFontSize();
  return {axis.x0(), row.y0 + std::round(em * 0.45F), axis.x1(), row.y1 - std::round(em * 0.7F)};
}

void LaneRows::draw(Canvas& canvas, const Rect& row, const TaskLane& lane, std::size_t number,
                    Selection& selection) {
  const float plot_x0 = selection.axis.x0();
  const bool is_lit = lane.is_pinned || (lane.task != 0 && lane.task == selection.task);
  if (is_lit || number % 2 == 0) {
    canvas.fill({row.x0, row.y0, plot_x0, row.y1 - 1}, is_lit ? theme().raised : theme().row);
  }
  if (lane.task != 0) {
    draw_task(canvas, row, lane, number, selection);
  } else {
    draw_group(canvas, row, lane, selection);
  }
}

void LaneRows::draw_task(Canvas& canvas, const Rect& row, const TaskLane& lane, std::size_t number,
                         Selection& selection) {
  const TimeAxis& axis = selection.axis;
  draw_lane_label(canvas, {row.x0, row.y0, axis.x0(), row.y1}, lane, analysis_, selection);
  const Rect bar = bar_in(row, axis);
  canvas.clip({axis.x0(), row.y0, axis.x1(), row.y1});
  const float run_end = axis.column_of(static_cast<double>(analysis_.run.duration_ns));
  canvas.fill({bar.x0, bar.y1 - 1, std::min(bar.x1, run_end), bar.y1}, theme().grid);
  const bool is_party = selection.finding != kNoFinding &&
                        std::find(lane.findings.begin(), lane.findings.end(), selection.finding) !=
                            lane.findings.end();
  selection.records.add({RecordKind::kLane, lane.task, number, row,
                         task_label(analysis_.run, lane.task),
                         is_party ? analysis_.findings[selection.finding].id : 0, 1});
  bars_.draw(canvas, lane.task, bar, selection);
  canvas.unclip();
}

void LaneRows::draw_group(Canvas& canvas, const Rect& row, const TaskLane& lane,
                          Selection& selection) {
  const TaskGroup& group = groups_.list()[lane.group];
  const float em = ImGui::GetFontSize();
  const GroupWords words = words_of(group, lane.members.size());
  const Rect label = {row.x0, row.y0, selection.axis.x0() - 4, row.y1};
  const float half = std::round(em * 1.2F);
  const float top = std::round(label.middle_y() - half);
  const Rect first = {label.x0 + group_indent(), top, label.x1, top + half};
  const Point tip = {label.x0 + em * 1.2F, first.middle_y()};
  const float r = std::round(em * 0.35F);
  if (lane.is_open) {
    canvas.triangle({tip.x - r, tip.y - r / 2}, {tip.x + r, tip.y - r / 2}, {tip.x, tip.y + r},
                    theme().dim);
  } else {
    canvas.triangle({tip.x - r / 2, tip.y - r}, {tip.x + r, tip.y}, {tip.x - r / 2, tip.y + r},
                    theme().dim);
  }
  canvas.text_in(first, theme().text, words.name);
  canvas.text_in({first.x0, top + half, label.x1, top + 2 * half}, theme().faint, words.detail);
  if (selection.read.empty()) {
    draw_profile(canvas, bar_in(row, selection.axis), lane, selection.axis);
  } else {
    canvas.pattern(bar_in(row, selection.axis), Pattern::kHatch, theme().grid);
  }
  std::string text = words.name + (group.place.empty() ? "" : " " + group.place);
  if (const std::size_t stride = profiles_[lane.group].stride; stride > 1) {
    text += ", drawn from one in " + std::to_string(stride);
  }
  selection.records.add({RecordKind::kGroup, 0, lane.group, row, text, 0, 1});
}

void LaneRows::wait() {
  for (std::size_t group = 0; group < groups_.list().size(); ++group) lifetimes_of(group);
  for (auto& [group, lifetimes] : lifetimes_) lifetimes.wait();
}

const Lifetimes* LaneRows::lifetimes_of(std::size_t group) {
  GroupLifetimes& known = lifetimes_[group];
  if (!known.has_started()) {
    const std::vector<TaskId>& tasks = groups_.list()[group].tasks;
    known.start(
        [this, &tasks](const std::atomic<bool>&) { return Lifetimes(analysis_.run, tasks); },
        tasks.size() <= kMostAtOnce);
  }
  return known.get();
}

const LaneRows::Profile& LaneRows::profile(const TaskLane& lane, const Lifetimes& lifetimes,
                                           const TimeAxis& axis) {
  Profile& known = profiles_[lane.group];
  if (known.begin_ns == axis.begin_ns() && known.end_ns == axis.end_ns() && known.x0 == axis.x0() &&
      known.x1 == axis.x1() && known.members == lane.members.size()) {
    return known;
  }
  const GroupSample sample = sample_of(analysis_.run, lifetimes, axis);
  std::vector<const SpanIndex*> indices;
  for (const TaskId task : sample.tasks) {
    const bool is_here = std::binary_search(lane.members.begin(), lane.members.end(), task);
    if (is_here) indices.push_back(&bars_.index_of(task));
  }
  known = {axis.begin_ns(),
           axis.end_ns(),
           axis.x0(),
           axis.x1(),
           lane.members.size(),
           sample.stride,
           profile_of(indices, axis)};
  return known;
}

// Stacked from the bottom, as the minimap is; columns that look alike are drawn together.
void LaneRows::draw_profile(Canvas& canvas, const Rect& bar, const TaskLane& lane,
                            const TimeAxis& axis) {
  const Lifetimes* lifetimes = lifetimes_of(lane.group);
  if (lifetimes == nullptr) return canvas.pattern(bar, Pattern::kHatch, theme().grid);
  const Profile& profile = this->profile(lane, *lifetimes, axis);
  const std::vector<std::array<float, kStateCount>>& columns = profile.columns.columns;
  const std::size_t most_alive = std::min(lifetimes->most_alive(), lane.members.size());
  const float most = static_cast<float>(most_alive) / static_cast<float>(profile.stride);
  for (std::size_t x = 0; x < columns.size();) {
    std::size_t end = x + 1;
    while (end < columns.size() && columns[end] == columns[x]) ++end;
    float y = bar.y1;
    for (std::size_t s = 0; s < kStateCount; ++s) {
      const StateStyle style = style_of(static_cast<State>(s));
      const float top = y - columns[x][s] / most * bar.height() * style.height;
      canvas.fill({bar.x0 + static_cast<float>(x), std::round(top),
                   bar.x0 + static_cast<float>(end), std::round(y)},
                  style.colour);
      y = top;
    }
    x = end;
  }
}

}  // namespace raddle::viewer
