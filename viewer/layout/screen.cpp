// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/screen.h"

#include <algorithm>
#include <cmath>

namespace raddle::viewer {

Screen screen_of(float width, float height, float text_height) {
  const float bar = std::round(text_height * 2.2F);
  const float left = std::round(std::clamp(width * 0.155F, text_height * 12, text_height * 22));
  const float right = std::round(std::clamp(width * 0.28F, text_height * 18, text_height * 44));
  const float gap = 2;
  const float top = bar + gap;
  const float bottom = height - bar - gap;
  const float map_bottom = top + std::round(text_height * 3.4F);
  Screen screen;
  screen.window = {0, 0, width, height};
  screen.top_bar = {0, 0, width, bar};
  screen.findings = {0, top, left, bottom};
  screen.minimap = {left + gap, top, width - right - gap, map_bottom};
  screen.timeline = {left + gap, map_bottom, width - right - gap, bottom};
  screen.inspector = {width - right, top, width, bottom};
  screen.status = {0, height - bar, width, height};
  return screen;
}

}  // namespace raddle::viewer
