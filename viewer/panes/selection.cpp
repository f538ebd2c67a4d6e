// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/selection.h"

#include "viewer/layout/finding_time.h"

namespace raddle::viewer {

void select_finding(const Analysis& analysis, Selection& selection, std::size_t finding) {
  selection.finding = finding < analysis.findings.size() ? finding : kNoFinding;
  selection.party = 0;
  selection.task = 0;
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
  if (selection.finding == kNoFinding) return;
  const std::vector<Party>& parties = analysis.findings[selection.finding].parties;
  for (std::size_t i = 0; i < parties.size(); ++i) {
    if (parties[i].task != task) continue;
    selection.party = i;
    selection.task = 0;
    return;
  }
}

void frame_selected(const Analysis& analysis, Selection& selection) {
  if (selection.task != 0 && selection.task < analysis.run.tasks.size()) {
    const Task& task = analysis.run.tasks[selection.task];
    const auto begin = static_cast<double>(task.begin_ns);
    const auto end = static_cast<double>(task.end_ns);
    selection.axis.frame(begin - (end - begin) * 0.05, end + (end - begin) * 0.05);
  } else if (selection.finding != kNoFinding) {
    const TimeRange range = range_of(analysis.run, analysis.findings[selection.finding]);
    selection.axis.frame(range.begin_ns, range.end_ns);
  } else {
    selection.axis.frame_all();
  }
}

}  // namespace raddle::viewer
