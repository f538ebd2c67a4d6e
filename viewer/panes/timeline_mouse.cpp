// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/timeline_mouse.h"

#include <algorithm>
#include <cmath>

#include "imgui.h"
#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

constexpr double kZoomPerNotch = 0.8;

void turn_wheel(Point mouse, bool is_on_plot, float lane_height, LaneStack& stack,
                Selection& selection) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.MouseWheel == 0 && io.MouseWheelH == 0) return;
  if (io.KeyShift || io.MouseWheelH != 0) {
    const float notches = io.MouseWheelH != 0 ? io.MouseWheelH : io.MouseWheel;
    selection.axis.pan(-notches * 60);
  } else if (is_on_plot && !io.KeyAlt) {
    selection.axis.zoom_at(mouse.x, std::pow(kZoomPerNotch, io.MouseWheel));
  } else {
    stack.scroll_to(stack.scroll() - io.MouseWheel * lane_height);
  }
}

}  // namespace

std::optional<Point> TimelineMouse::take(const PaneWindow& window, float plot_x0, float plot_x1,
                                         float lane_height, LaneStack& stack,
                                         Selection& selection) {
  const ImGuiIO& io = ImGui::GetIO();
  const Point mouse = {io.MousePos.x, io.MousePos.y};
  const bool is_on_plot = mouse.x >= plot_x0 && mouse.x < plot_x1;
  selection.hover_ns = -1;
  if (window.is_hovered()) {
    if (is_on_plot) selection.hover_ns = selection.axis.time_of(mouse.x);
    turn_wheel(mouse, is_on_plot, lane_height, stack, selection);
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
      is_dragging_ = true;
      has_moved_ = false;
      is_range_ = io.KeyCtrl;
      drag_x0_ = mouse.x;
    }
  }
  return is_dragging_ ? drag(mouse, stack, selection) : std::nullopt;
}

// Moving the mouse pans, or with Ctrl marks a range.
std::optional<Point> TimelineMouse::drag(Point mouse, LaneStack& stack, Selection& selection) {
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    if (ImGui::IsMouseDragging(ImGuiMouseButton_Left)) has_moved_ = true;
    if (io.KeyCtrl) is_range_ = true;
    if (!has_moved_ || is_range_) return std::nullopt;
    selection.axis.pan(-io.MouseDelta.x);
    stack.scroll_to(stack.scroll() - io.MouseDelta.y);
    return std::nullopt;
  }
  is_dragging_ = false;
  if (has_moved_ && is_range_) {
    const auto [x0, x1] = std::minmax(drag_x0_, mouse.x);
    selection.history.begin_step();
    selection.axis.frame(selection.axis.time_of(x0), selection.axis.time_of(x1));
  }
  return has_moved_ ? std::nullopt : std::optional<Point>(mouse);
}

void TimelineMouse::draw_range(Canvas& canvas, const Rect& plot, float words_y,
                               const Selection& selection) const {
  if (!is_dragging_ || !is_range_ || !has_moved_) return;
  const auto [x0, x1] = std::minmax(drag_x0_, ImGui::GetIO().MousePos.x);
  const Rect rect = {std::max(x0, plot.x0), plot.y0, std::min(x1, plot.x1), plot.y1};
  canvas.fill(rect, with_alpha(theme().bright, 40));
  const double length = selection.axis.time_of(rect.x1) - selection.axis.time_of(rect.x0);
  canvas.pill({rect.x0 + 4, words_y}, theme().text, theme().background, format_duration(length));
}

}  // namespace raddle::viewer
