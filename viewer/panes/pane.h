// SPDX-License-Identifier: Apache-2.0
// A part of the window.
#pragma once

#include "analyzer/model/finding.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

class Pane {
 public:
  virtual ~Pane() = default;
  // Called once a frame, between ImGui::NewFrame and Render. Draws in its rectangle of
  // Selection::screen, adds to Selection::records what it drew, and takes the user's input there.
  virtual void draw(const Analysis& analysis, Selection& selection) = 0;
  // Blocks until all that it prepares in the background can be drawn.
  virtual void wait() {}
};

}  // namespace raddle::viewer
