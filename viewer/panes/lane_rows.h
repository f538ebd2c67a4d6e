// SPDX-License-Identifier: Apache-2.0
// Draws the rows of the timeline: a task's, and a group's.
#pragma once

#include <map>

#include "analyzer/model/finding.h"
#include "viewer/layout/group_profile.h"
#include "viewer/layout/lanes.h"
#include "viewer/layout/lifetimes.h"
#include "viewer/panes/background.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/selection.h"
#include "viewer/panes/task_bars.h"

namespace raddle::viewer {

class LaneRows {
 public:
  explicit LaneRows(const Analysis& analysis)
      : analysis_(analysis), groups_(analysis.run), bars_(analysis) {}

  const Groups& groups() const { return groups_; }
  // For what is computed beside the frames.
  void wait();
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
    std::size_t stride = 1;  // each task that is drawn stands for so many
    GroupProfile columns;
  };
  // Made when the group is drawn for the first time.
  using GroupLifetimes = Background<Lifetimes>;
  void draw_task(Canvas& canvas, const Rect& row, const TaskLane& lane, std::size_t number,
                 Selection& selection);
  void draw_group(Canvas& canvas, const Rect& row, const TaskLane& lane, Selection& selection);
  // Null: not yet known.
  const Lifetimes* lifetimes_of(std::size_t group);
  const Profile& profile(const TaskLane& lane, const Lifetimes& lifetimes, const TimeAxis& axis);
  void draw_profile(Canvas& canvas, const Rect& bar, const TaskLane& lane, const TimeAxis& axis);

  const Analysis& analysis_;
  Groups groups_;
  TaskBars bars_;
  std::map<std::size_t, Profile> profiles_;          // by group
  std::map<std::size_t, GroupLifetimes> lifetimes_;  // the same
};

}  // namespace raddle::viewer
