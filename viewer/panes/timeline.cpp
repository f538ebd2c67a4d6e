// SPDX-License-Identifier: Apache-2.0
// The ruler, a lane for every task or group, and below them the objects of the finding.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "viewer/layout/lane_stack.h"
#include "viewer/layout/lanes.h"
#include "viewer/layout/marks.h"
#include "viewer/panes/cursor.h"
#include "viewer/panes/event_rows.h"
#include "viewer/panes/lane_rows.h"
#include "viewer/panes/mark_shapes.h"
#include "viewer/panes/object_rows.h"
#include "viewer/panes/pane_window.h"
#include "viewer/panes/panes.h"
#include "viewer/panes/ruler.h"
#include "viewer/panes/timeline_mouse.h"

namespace raddle::viewer {
namespace {

constexpr float kLaneHeight = 2.75F;  // in heights of the font
constexpr float kHighestLane = 3.6F;
constexpr std::size_t kMostObjectRows = 6;
constexpr std::size_t kMostMeasured = 64;     // rows whose names decide how much room names get
constexpr std::size_t kMostOtherMarks = 200;  // findings beside the selected one whose marks show

class Timeline : public Pane {
 public:
  explicit Timeline(const Analysis& analysis) : rows_(analysis), waits_(analysis.run) {}

  void wait() override { rows_.wait(); }

  void draw(const Analysis& analysis, Selection& selection) override {
    if (selection.table != Table::kNone) return;
    PaneWindow window("timeline", selection.screen.timeline, theme().background);
    Canvas canvas = window.canvas();
    selection.merged_spans = 0;
    if (!has_lanes_ || selection.lane_wish() != wish_) take_lanes(analysis, selection);
    place(analysis, selection);
    const auto click = mouse_.take(window, plot_x0_, plot_x1_, lane_height_, stack_, selection);
    if (click) select_at(*click, analysis, selection);
    draw_ruler(canvas, ruler_, stack_.area().y1, selection);
    lanes(canvas, selection);
    marks(canvas, analysis, selection);
    const float bottom = object_rows(canvas, analysis, selection);
    events_.draw(window, analysis, told_tasks(), {objects_.x0, bottom, objects_.x1, objects_.y1},
                 selection);
    draw_flags(canvas, ruler_, selection);
    mouse_.draw_range(canvas, {plot_x0_, ruler_.y0, plot_x1_, objects_.y1},
                      ruler_.y1 + ImGui::GetFontSize(), selection);
    draw_hair_line(canvas, ruler_, objects_.y1, selection);
  }

 private:
  void take_lanes(const Analysis& analysis, Selection& selection) {
    wish_ = selection.lane_wish();
    has_lanes_ = true;
    label_em_ = 0;
    lanes_ = lanes_of(analysis, rows_.groups(), wish_);
    selection.hidden_tasks = lanes_.hidden_count;
    places_.clear();
    for (std::size_t i = 0; i < lanes_.tasks.size(); ++i) {
      if (lanes_.tasks[i].task != 0) places_[lanes_.tasks[i].task] = i;
    }
  }

  // Enough for the names of the first rows, but never more than a third of the pane.
  float label_width_in(float pane_width, const Analysis& analysis, const Selection& selection) {
    const float em = ImGui::GetFontSize();
    if (em != label_em_) {
      label_em_ = em;
      label_need_ = 0;
      for (std::size_t i = 0; i < std::min(lanes_.tasks.size(), kMostMeasured); ++i) {
        label_need_ = std::max(label_need_, rows_.label_width(lanes_.tasks[i], selection));
      }
      for (std::size_t i = 0; i < std::min(lanes_.objects.size(), kMostObjectRows); ++i) {
        label_need_ = std::max(label_need_, object_label_width(analysis.run, lanes_.objects[i]));
      }
    }
    const float least = std::min(em * 11, pane_width * 0.45F);
    const float most = std::max(least, std::min(pane_width * 0.33F, em * 26));
    return std::round(std::clamp(label_need_ + em * 0.5F, least, most));
  }

  // Where everything is in this frame.
  void place(const Analysis& analysis, Selection& selection) {
    const Rect& pane = selection.screen.timeline;
    const float em = ImGui::GetFontSize();
    const float label_width = label_width_in(pane.width(), analysis, selection);
    const float ruler_height = std::round(em * 1.9F);
    row_height_ = std::round(em * 2.2F);
    ruler_ = {pane.x0, pane.y0, pane.x1, pane.y0 + ruler_height};
    plot_x0_ = pane.x0 + label_width;
    plot_x1_ = pane.x1 - std::round(em * 0.9F);
    selection.axis.place(plot_x0_, plot_x1_);
    const std::size_t rows = std::min(lanes_.objects.size(), kMostObjectRows);
    const float objects =
        rows == 0 ? 0 : std::round(em * 2.4F) + static_cast<float>(rows) * row_height_ + 6;
    const float lanes_space = pane.y1 - ruler_.y1 - objects;
    // Few lanes may be somewhat higher.
    const float share =
        lanes_space / static_cast<float>(std::max<std::size_t>(lanes_.tasks.size(), 1));
    lane_height_ = std::round(std::clamp(share, em * kLaneHeight, em * kHighestLane));
    const float lanes_needed = static_cast<float>(lanes_.tasks.size()) * lane_height_;
    const float lanes_room = std::max(lanes_space, lane_height_ * 2);
    const Rect area = {pane.x0, ruler_.y1, pane.x1, ruler_.y1 + std::min(lanes_needed, lanes_room)};
    const float scroll = selection.wants_lane_at_top ? 0 : stack_.scroll();
    selection.wants_lane_at_top = false;
    stack_ = LaneStack(area, lane_height_, lanes_.tasks.size(), lanes_.pinned_count);
    stack_.scroll_to(scroll);
    const auto wanted = places_.find(selection.wants_lane_of);
    if (selection.wants_lane_of != 0 && wanted != places_.end()) stack_.reveal(wanted->second);
    selection.wants_lane_of = 0;
    objects_ = {pane.x0, area.y1, pane.x1, pane.y1};
  }

  void select_at(Point mouse, const Analysis& analysis, Selection& selection) {
    for (std::size_t i = 0; i < lanes_.tasks.size(); ++i) {
      const auto rect = stack_.rect_of(i);
      if (!rect || !rect->contains(mouse)) continue;
      const TaskLane& lane = lanes_.tasks[i];
      if (lane.task == 0) return toggle(lane.group, selection);
      select_task(analysis, selection, lane.task);
      selection.cursor = {};
      if (mouse.x >= plot_x0_) {
        selection.cursor = {lane.task, std::llround(selection.axis.time_of(mouse.x))};
      }
      return;
    }
  }

  static void toggle(std::size_t group, Selection& selection) {
    if (selection.open_groups.erase(group) == 0) selection.open_groups.insert(group);
  }

  void lanes(Canvas& canvas, Selection& selection) {
    for (std::size_t i = 0; i < stack_.fixed_count(); ++i) lane(canvas, i, selection);
    canvas.clip(stack_.scroll_area());
    for (std::size_t i = stack_.first_visible(); i < stack_.last_visible(); ++i) {
      lane(canvas, i, selection);
    }
    canvas.unclip();
    if (stack_.fixed_count() > 0) {
      const float y = stack_.scroll_area().y0;
      canvas.fill({stack_.area().x0, y - 1, stack_.area().x1, y}, theme().rule);
    }
    scroll_bar(canvas);
  }

  void lane(Canvas& canvas, std::size_t i, Selection& selection) {
    if (const auto rect = stack_.rect_of(i)) {
      rows_.draw(canvas, *rect, lanes_.tasks[i], i, selection);
    }
  }

  void scroll_bar(Canvas& canvas) const {
    if (stack_.max_scroll() <= 0) return;
    const Rect area = stack_.scroll_area();
    const float whole = stack_.max_scroll() + area.height();
    const float y0 = area.y0 + stack_.scroll() / whole * area.height();
    const float y1 = y0 + std::max(area.height() / whole * area.height(), 12.0F);
    canvas.fill({area.x1 - 5, area.y0, area.x1 - 1, area.y1}, theme().row);
    canvas.fill({area.x1 - 5, y0, area.x1 - 1, y1}, theme().faint, 2);
  }

  void marks(Canvas& canvas, const Analysis& analysis, Selection& selection) {
    const BarOf bar_of = [&](TaskId task) -> std::optional<Rect> {
      const auto place = places_.find(task);
      if (place == places_.end()) return std::nullopt;
      const auto rect = stack_.rect_of(place->second);
      return rect ? std::optional<Rect>(LaneRows::bar_in(*rect, selection.axis)) : std::nullopt;
    };
    const auto draw_one = [&](std::size_t i) {
      const Finding& finding = analysis.findings[i];
      const Partner partner = i == selection.finding ? lanes_.partner : Partner{};
      draw_marks(canvas, marks_of(analysis.run, finding, selection.axis, bar_of, partner), finding,
                 i == selection.finding, selection);
    };
    Rect others = stack_.scroll_area();
    others.x0 = plot_x0_ - 4;
    others.x1 = plot_x1_ + 4;
    canvas.clip(others);
    for (std::size_t i = 0; i < std::min(analysis.findings.size(), kMostOtherMarks); ++i) {
      if (i != selection.finding) draw_one(i);
    }
    canvas.unclip();
    canvas.clip({plot_x0_ - 4, stack_.area().y0, plot_x1_ + 4, stack_.area().y1});
    if (selection.finding != kNoFinding) draw_one(selection.finding);
    draw_cursor(canvas, analysis, bar_of, selection);
    canvas.unclip();
  }

  // The pinned lanes' tasks, else that of the cursor.
  std::vector<TaskId> told_tasks() const {
    std::vector<TaskId> tasks;
    for (std::size_t i = 0; i < lanes_.pinned_count; ++i) tasks.push_back(lanes_.tasks[i].task);
    if (wish_.task != 0 && std::find(tasks.begin(), tasks.end(), wish_.task) == tasks.end()) {
      tasks.push_back(wish_.task);
    }
    return tasks;
  }

  // Returns where they end.
  float object_rows(Canvas& canvas, const Analysis& analysis, Selection& selection) {
    if (lanes_.objects.empty()) return objects_.y0;
    const float em = ImGui::GetFontSize();
    const std::size_t rows = std::min(lanes_.objects.size(), kMostObjectRows);
    float y = objects_.y0 + std::round(em * 2.2F);
    std::string title = selection.finding == kNoFinding ? "What tasks waited for most"
                                                        : "What this finding is about";
    if (lanes_.are_objects_filtered) title = "What the filter names";
    if (rows < lanes_.objects.size()) {
      title += "  (" + std::to_string(rows) + " of " + std::to_string(lanes_.objects.size()) + ")";
    }
    canvas.fill({objects_.x0, objects_.y0, objects_.x1, objects_.y0 + 1}, theme().rule);
    canvas.text_in({objects_.x0 + em * 0.7F, objects_.y0 + em * 0.4F, objects_.x1, y}, theme().text,
                   title, Align::kLeft, selection.fonts.strong);
    for (std::size_t i = 0; i < rows; ++i, y += row_height_) {
      const Rect label = {objects_.x0, y, plot_x0_, y + row_height_ - 2};
      const Rect bar = {plot_x0_, y + 3, plot_x1_, y + row_height_ - 5};
      canvas.fill({label.x0, label.y0, bar.x1, label.y1}, theme().row);
      draw_object_row(canvas, analysis, lanes_.objects[i], label, bar, waits_.of(lanes_.objects[i]),
                      selection);
    }
    return y + 6;
  }

  LaneRows rows_;
  EventRows events_;
  ObjectWaits waits_;
  LaneWish wish_;  // that lanes_ fulfil
  Lanes lanes_;
  std::map<TaskId, std::size_t> places_;
  bool has_lanes_ = false;
  LaneStack stack_;
  Rect ruler_, objects_;
  float plot_x0_ = 0, plot_x1_ = 1;
  float lane_height_ = 1, row_height_ = 1;
  float label_need_ = 0, label_em_ = 0;  // the width of the names; the size of text it holds for
  TimelineMouse mouse_;
};

}  // namespace

std::unique_ptr<Pane> make_timeline(const Analysis& analysis) {
  return std::make_unique<Timeline>(analysis);
}

}  // namespace raddle::viewer
