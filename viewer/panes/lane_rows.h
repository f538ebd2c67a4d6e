// SPDX-License-Identifier: Apache-2.0
// Draws the rows of the timeline: a task's, and a group's.
#pragma once

#include <map>

#include "analyzer/model/finding.h"
#include "viewer/layout/group_profile.h"
#include "viewer/layout/lanes.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/selection.h"
#include "viewer/panes/task_bars.h"

namespace raddle::viewer {

class LaneRows {
 public:
  explicit LaneRows(const Analysis& analysis)
      : analysis_(analysis), groups_(analysis.run), bars_(analysis) {}

  const Groups& groups() const { return groups_; }
  // The place of a lane's bar in its row.
  static Rect bar_in(const Rect& row, const TimeAxis& axis);
  // The width that the row's words need.
  float label_width(const TaskLane& lane, const Selection& selection) const;
  // `number` is the row's place in the list.
  void draw(Canvas& canvas, const Rect& row, const TaskLane& lane, std::size_t number,
            Selection& selection);

 private:
  struct Profile {
    double begin_ns = 0, end_ns = 0;
    float x0 = 0, x1 = 0;
    std::size_t members = 0;
    GroupProfile columns;
  };
  void draw_task(Canvas& canvas, const Rect& row, const TaskLane& lane, std::size_t number,
                 Selection& selection);
  void draw_group(Canvas& canvas, const Rect& row, const TaskLane& lane, Selection& selection);
  const GroupProfile& profile(const TaskLane& lane, const TimeAxis& axis);
  void draw_profile(Canvas& canvas, const Rect& bar, const TaskLane& lane, const TimeAxis& axis);

  const Analysis& analysis_;
  Groups groups_;
  TaskBars bars_;
  std::map<std::size_t, Profile> profiles_;  // by group
};

}  // namespace raddle::viewer
