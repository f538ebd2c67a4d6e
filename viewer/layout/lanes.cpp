// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/lanes.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace raddle::viewer {
namespace {

using FindingsOf = std::map<TaskId, std::vector<std::size_t>>;

FindingsOf findings_by_task(const Analysis& analysis) {
  FindingsOf result;
  for (std::size_t i = 0; i < analysis.findings.size(); ++i) {
    for (const Party& party : analysis.findings[i].parties) {
      std::vector<std::size_t>& list = result[party.task];
      if (list.empty() || list.back() != i) list.push_back(i);
    }
  }
  return result;
}

void append(Lanes& lanes, std::set<TaskId>& seen, TaskId task, const FindingsOf& findings,
            bool is_pinned) {
  if (task == 0 || !seen.insert(task).second) return;
  const auto found = findings.find(task);
  lanes.tasks.push_back(
      {task, is_pinned, found == findings.end() ? std::vector<std::size_t>{} : found->second});
}

constexpr std::size_t kMostObjects = 6;

std::vector<ObjectId> objects_of(const Analysis& analysis, std::size_t selected) {
  std::vector<ObjectId> objects;
  const auto add = [&](ObjectId object) {
    if (object == 0 || object >= analysis.run.objects.size()) return;
    if (std::find(objects.begin(), objects.end(), object) == objects.end()) {
      objects.push_back(object);
    }
  };
  if (selected != kNoFinding) {
    const Finding& finding = analysis.findings[selected];
    for (const Party& party : finding.parties) {
      for (const Held& held : party.held) add(held.object);
      add(party.object);
    }
    for (const WaitEdge& edge : finding.edges) add(edge.on);
    return objects;
  }
  for (ObjectId i = 1; i < analysis.run.objects.size(); ++i) {
    if (analysis.run.objects[i].waited_ns > 0) objects.push_back(i);
  }
  std::stable_sort(objects.begin(), objects.end(), [&](ObjectId a, ObjectId b) {
    return analysis.run.objects[a].waited_ns > analysis.run.objects[b].waited_ns;
  });
  if (objects.size() > kMostObjects) objects.resize(kMostObjects);
  return objects;
}

}  // namespace

Lanes lanes_of(const Analysis& analysis, std::size_t selected) {
  const FindingsOf findings = findings_by_task(analysis);
  Lanes lanes;
  std::set<TaskId> seen;
  if (selected != kNoFinding) {
    for (const Party& party : analysis.findings[selected].parties) {
      append(lanes, seen, party.task, findings, true);
    }
  }
  lanes.pinned_count = lanes.tasks.size();
  for (const Finding& finding : analysis.findings) {
    for (const Party& party : finding.parties) append(lanes, seen, party.task, findings, false);
  }
  for (TaskId task = 1; task < analysis.run.tasks.size(); ++task) {
    if (analysis.run.tasks[task].id != 0) append(lanes, seen, task, findings, false);
  }
  lanes.objects = objects_of(analysis, selected);
  return lanes;
}

LaneStack::LaneStack(Rect area, float lane_height, std::size_t lane_count, std::size_t pinned_count)
    : area_(area), lane_height_(lane_height), lane_count_(lane_count) {
  const bool is_roomy = static_cast<float>(pinned_count) * lane_height <= area.height() * 0.6F;
  fixed_count_ = is_roomy ? std::min(pinned_count, lane_count) : 0;
}

Rect LaneStack::scroll_area() const {
  Rect rect = area_;
  rect.y0 += static_cast<float>(fixed_count_) * lane_height_;
  return rect;
}

float LaneStack::max_scroll() const {
  const float needed = static_cast<float>(lane_count_ - fixed_count_) * lane_height_;
  return std::max(0.0F, std::ceil(needed - scroll_area().height()));
}

void LaneStack::scroll_to(float scroll) {
  scroll_ = std::round(std::clamp(scroll, 0.0F, max_scroll()));
}

void LaneStack::reveal(std::size_t lane) {
  if (lane < fixed_count_) return;
  const float top = static_cast<float>(lane - fixed_count_) * lane_height_;
  const float height = scroll_area().height();
  if (top < scroll_) scroll_to(top);
  if (top + lane_height_ > scroll_ + height) scroll_to(top + lane_height_ - height);
}

std::optional<Rect> LaneStack::rect_of(std::size_t lane) const {
  if (lane >= lane_count_) return std::nullopt;
  const bool is_fixed = lane < fixed_count_;
  const Rect home = is_fixed ? area_ : scroll_area();
  const std::size_t place = is_fixed ? lane : lane - fixed_count_;
  const float y = home.y0 + static_cast<float>(place) * lane_height_ - (is_fixed ? 0 : scroll_);
  const Rect rect = {area_.x0, y, area_.x1, y + lane_height_};
  if (rect.y1 <= home.y0 || rect.y0 >= home.y1) return std::nullopt;
  return rect;
}

std::size_t LaneStack::first_visible() const {
  const std::size_t first = fixed_count_ + static_cast<std::size_t>(scroll_ / lane_height_);
  return std::min(first, lane_count_);
}

std::size_t LaneStack::last_visible() const {
  const float bottom = scroll_ + std::max(0.0F, scroll_area().height());
  const std::size_t last =
      fixed_count_ + static_cast<std::size_t>(std::ceil(bottom / lane_height_));
  return std::min(last, lane_count_);
}

}  // namespace raddle::viewer
