// SPDX-License-Identifier: Apache-2.0
// The ImGui window that a pane draws in: fixed, bare, exactly its rectangle.
#pragma once

#include <cstddef>

#include "imgui.h"
#include "viewer/layout/geometry.h"
#include "viewer/panes/canvas.h"

namespace raddle::viewer {

// Windows opened from now on are those of this side: two traces have windows of the same names. One
// for the process, as ImGui's context is.
void set_pane_side(std::size_t side);

// Between construction and destruction, ImGui's current window is the pane's.
class PaneWindow {
 public:
  // With `scrolls`, the wheel moves the content; tell its height with `content_height`.
  PaneWindow(const char* name, const Rect& rect, ImU32 background, bool scrolls = false);
  ~PaneWindow();
  PaneWindow(const PaneWindow&) = delete;
  PaneWindow& operator=(const PaneWindow&) = delete;

  Canvas canvas() const { return Canvas(ImGui::GetWindowDrawList()); }
  // How far the content is scrolled up, in pixels.
  float scroll() const { return ImGui::GetScrollY(); }
  void content_height(float height);
  bool is_hovered() const { return ImGui::IsWindowHovered(); }
  // Whether the left button was pressed in `rect`, in this window.
  bool is_clicked(const Rect& rect) const;
};

// A window of one line of text.
struct BarWindow {
  BarWindow(const char* name, const Rect& bar);

  PaneWindow window;
  Canvas canvas;
  Rect rest;  // the part that is still free
};

}  // namespace raddle::viewer
