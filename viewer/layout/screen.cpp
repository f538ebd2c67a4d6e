// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/screen.h"

#include <algorithm>
#include <cmath>

namespace raddle::viewer {

Screen screen_of(const Rect& window, float text_height) {
  const float width = window.width();
  const float bar = std::round(text_height * 2.2F);
  // With large text in a small window the timeline keeps almost half of the width.
  const float least_left = std::min(text_height * 12, width * 0.2F);
  const float least_right = std::min(text_height * 18, width * 0.36F);
  const float left = std::round(std::clamp(width * 0.155F, least_left, text_height * 22));
  const float right = std::round(std::clamp(width * 0.28F, least_right, text_height * 44));
  const float gap = 2;
  const float x0 = window.x0;
  const float x1 = window.x1;
  const float top = window.y0 + bar + gap;
  const float bottom = window.y1 - bar - gap;
  const float map_bottom = top + std::round(text_height * 3.4F);
  Screen screen;
  screen.window = window;
  screen.top_bar = {x0, window.y0, x1, window.y0 + bar};
  screen.findings = {x0, top, x0 + left, bottom};
  screen.minimap = {x0 + left + gap, top, x1 - right - gap, map_bottom};
  screen.timeline = {x0 + left + gap, map_bottom, x1 - right - gap, bottom};
  screen.inspector = {x1 - right, top, x1, bottom};
  screen.status = {x0, window.y1 - bar, x1, window.y1};
  return screen;
}

}  // namespace raddle::viewer
