// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/selection.h"

#include <algorithm>

#include "viewer/layout/finding_time.h"

namespace raddle::viewer {

const Finding* selected_finding(const Analysis& analysis, const Selection& selection) {
  return selection.finding == kNoFinding ? nullptr : &analysis.findings[selection.finding];
}

void select_finding(const Analysis& analysis, Selection& selection, std::size_t finding) {
  selection.finding = finding < analysis.findings.size() ? finding : kNoFinding;
  selection.party = 0;
  selection.task = 0;
  selection.cursor = {};
  selection.wants_lane_at_top = true;
  frame_selected(analysis, selection);
}

void select_next(const Analysis& analysis, Selection& selection, int step) {
  const auto count = static_cast<int>(analysis.findings.size());
  if (count == 0) return;
  const int now =
      selection.finding == kNoFinding ? (step > 0 ? -1 : 0) : static_cast<int>(selection.finding);
  select_finding(analysis, selection, static_cast<std::size_t>((now + step + count) % count));
}

void select_task(const Analysis& analysis, Selection& selection, TaskId task) {
  selection.task = task;
  const Finding* finding = selected_finding(analysis, selection);
  if (finding == nullptr) return;
  for (std::size_t i = 0; i < finding->parties.size(); ++i) {
    if (finding->parties[i].task != task) continue;
    selection.party = i;
    selection.task = 0;
    return;
  }
}

void select_spot(const Analysis& analysis, Selection& selection, const Spot& spot) {
  select_task(analysis, selection, spot.task);
  selection.cursor = spot;
  selection.wants_lane_of = spot.task;
  TimeAxis& axis = selection.axis;
  const auto time_ns = static_cast<double>(spot.time_ns);
  if (time_ns >= axis.begin_ns() && time_ns < axis.end_ns()) return;
  axis.frame(time_ns - axis.window_ns() / 2, time_ns + axis.window_ns() / 2);
}

void frame_selected(const Analysis& analysis, Selection& selection) {
  const Finding* finding = selected_finding(analysis, selection);
  if (selection.task != 0 && selection.task < analysis.run.tasks.size()) {
    const Task& task = analysis.run.tasks[selection.task];
    const auto begin = static_cast<double>(task.begin_ns);
    const auto end = static_cast<double>(task.end_ns);
    selection.axis.frame(begin - (end - begin) * 0.05, end + (end - begin) * 0.05);
  } else if (finding != nullptr) {
    const TimeRange range = range_of(analysis.run, *finding);
    selection.axis.frame(range.begin_ns, range.end_ns);
  } else {
    selection.axis.frame_all();
  }
}

View view_of(const Analysis& analysis, const Selection& selection) {
  const Finding* finding = selected_finding(analysis, selection);
  return {finding == nullptr ? 0 : finding->id,
          selection.task,
          selection.axis.begin_ns(),
          selection.axis.end_ns(),
          selection.pins,
          selection.filter,
          selection.table};
}

void show_view(const Analysis& analysis, Selection& selection, const View& view) {
  const auto found =
      std::find_if(analysis.findings.begin(), analysis.findings.end(),
                   [&](const Finding& finding) { return finding.id == view.finding; });
  select_finding(
      analysis, selection,
      view.finding == 0 ? kNoFinding : static_cast<std::size_t>(found - analysis.findings.begin()));
  selection.pins.clear();
  for (const TaskId task : view.pins) {
    if (task < analysis.run.tasks.size()) selection.pins.push_back(task);
  }
  selection.filter = view.filter;
  selection.table = view.table;
  if (view.task != 0 && view.task < analysis.run.tasks.size()) {
    select_task(analysis, selection, view.task);
    selection.wants_lane_of = view.task;
    frame_selected(analysis, selection);
  }
  if (view.end_ns > view.begin_ns) selection.axis.frame(view.begin_ns, view.end_ns);
}

}  // namespace raddle::viewer
