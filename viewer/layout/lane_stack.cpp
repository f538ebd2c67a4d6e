// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/lane_stack.h"

#include <algorithm>
#include <cmath>

namespace raddle::viewer {

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
