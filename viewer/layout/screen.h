// SPDX-License-Identifier: Apache-2.0
// Where the panes are, for a window of any size or a part of one.
#pragma once

#include "viewer/layout/geometry.h"

namespace raddle::viewer {

struct Screen {
  Rect window;
  Rect top_bar;
  Rect findings;
  Rect minimap;
  Rect timeline;  // ruler and lanes
  Rect inspector;
  Rect status;
};

inline constexpr int kMinWidth = 800;
inline constexpr int kMinHeight = 500;
inline constexpr int kMaxSide = 16384;

// `text_height` is the height of a line of text; all distances follow it. Whole pixels.
Screen screen_of(const Rect& window, float text_height);

}  // namespace raddle::viewer
