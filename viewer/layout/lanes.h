// SPDX-License-Identifier: Apache-2.0
// Which lanes there are, in which order, and where they stand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "analyzer/model/finding.h"
#include "viewer/layout/geometry.h"

namespace raddle::viewer {

inline constexpr std::size_t kNoFinding = static_cast<std::size_t>(-1);

struct TaskLane {
  TaskId task = 0;
  bool is_pinned = false;
  std::vector<std::size_t> findings;  // indices into Analysis::findings that it is a party of
};

struct Lanes {
  std::vector<TaskLane> tasks;    // the pinned ones first
  std::size_t pinned_count = 0;   // parties of the selected finding
  std::vector<ObjectId> objects;  // those of the selected finding, else the most waited for
};

// `selected` is an index into Analysis::findings, or kNoFinding.
Lanes lanes_of(const Analysis& analysis, std::size_t selected);

// The task lanes' place on the screen. Pinned lanes stand still at the top, the others scroll.
class LaneStack {
 public:
  LaneStack() = default;
  // `pinned_count` lanes stand still, unless they would leave no room for others.
  LaneStack(Rect area, float lane_height, std::size_t lane_count, std::size_t pinned_count);

  float scroll() const { return scroll_; }
  float max_scroll() const;
  // Moves to `scroll` pixels, as far as there are lanes.
  void scroll_to(float scroll);
  // Scrolls so that the lane can be seen.
  void reveal(std::size_t lane);

  // Empty if the lane is out of sight.
  std::optional<Rect> rect_of(std::size_t lane) const;
  // The scrolling lanes in sight: [first, last).
  std::size_t first_visible() const;
  std::size_t last_visible() const;
  std::size_t fixed_count() const { return fixed_count_; }
  const Rect& area() const { return area_; }
  // The part that scrolls.
  Rect scroll_area() const;
  float lane_height() const { return lane_height_; }

 private:
  Rect area_;
  float lane_height_ = 1;
  std::size_t lane_count_ = 0;
  std::size_t fixed_count_ = 0;
  float scroll_ = 0;
};

}  // namespace raddle::viewer
