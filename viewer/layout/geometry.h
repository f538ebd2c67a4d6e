// SPDX-License-Identifier: Apache-2.0
// Points and rectangles in pixels, x to the right, y down.
#pragma once

namespace raddle::viewer {

struct Point {
  float x = 0;
  float y = 0;
};

// Covers [x0, x1) x [y0, y1).
struct Rect {
  float x0 = 0;
  float y0 = 0;
  float x1 = 0;
  float y1 = 0;

  float width() const { return x1 - x0; }
  float height() const { return y1 - y0; }
  float middle_x() const { return (x0 + x1) / 2; }
  float middle_y() const { return (y0 + y1) / 2; }
  bool is_empty() const { return x1 <= x0 || y1 <= y0; }
  bool contains(Point p) const { return p.x >= x0 && p.x < x1 && p.y >= y0 && p.y < y1; }
  Rect inset(float d) const { return {x0 + d, y0 + d, x1 - d, y1 - d}; }
};

}  // namespace raddle::viewer
