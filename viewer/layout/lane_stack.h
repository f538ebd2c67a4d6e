// SPDX-License-Identifier: Apache-2.0
// Where the lanes stand on the screen.
#pragma once

#include <cstddef>
#include <optional>

#include "viewer/layout/geometry.h"

namespace raddle::viewer {

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
