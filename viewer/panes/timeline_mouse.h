// SPDX-License-Identifier: Apache-2.0
// What the mouse does to the timeline: wheel, dragging, ranges and clicks.
#pragma once

#include <optional>

#include "viewer/layout/geometry.h"
#include "viewer/layout/lane_stack.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/pane_window.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

class TimelineMouse {
 public:
  // Moves the time and the lanes as the user does; the plot is between the two columns. Returns
  // where a click was: letting go without moving.
  std::optional<Point> take(const PaneWindow& window, float plot_x0, float plot_x1,
                            float lane_height, LaneStack& stack, Selection& selection);
  // The range that Ctrl and the mouse mark; `plot` reaches from the ruler to the timeline's end.
  void draw_range(Canvas& canvas, const Rect& plot, float words_y,
                  const Selection& selection) const;

 private:
  std::optional<Point> drag(Point mouse, LaneStack& stack, Selection& selection);

  bool is_dragging_ = false, has_moved_ = false, is_range_ = false;
  float drag_x0_ = 0;
};

}  // namespace raddle::viewer
