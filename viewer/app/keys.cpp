// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/keys.h"

#include "imgui.h"

namespace raddle::viewer {
namespace {

constexpr double kZoom = 0.8;
constexpr float kPanPixels = 80;

// Before 1.87, keys were numbers of the window library.
bool is_pressed(ImGuiKey key) {
#if IMGUI_VERSION_NUM < 18700
  return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key));
#else
  return ImGui::IsKeyPressed(key);
#endif
}

void zoom(Selection& selection, double factor) {
  const TimeAxis& axis = selection.axis;
  const float middle = (axis.x0() + axis.x1()) / 2;
  const float at = selection.hover_ns >= 0 ? axis.x_of(selection.hover_ns) : middle;
  selection.axis.zoom_at(at, factor);
}

// Letters come as text, not as key states: a tap shorter than a frame is not lost, and the
// keyboard's layout does not matter.
void take_letter(ImWchar letter, const Analysis& analysis, Selection& selection) {
  switch (letter) {
    case 'n':
      return select_next(analysis, selection, 1);
    case 'p':
      return select_next(analysis, selection, -1);
    case 'f':
      return frame_selected(analysis, selection);
    case 'F':
      return selection.axis.frame_all();
    case 'w':
    case '+':
      return zoom(selection, kZoom);
    case 's':
    case '-':
      return zoom(selection, 1 / kZoom);
    case 'a':
      return selection.axis.pan(-kPanPixels);
    case 'd':
      return selection.axis.pan(kPanPixels);
    case '?':
      selection.shows_help = !selection.shows_help;
      return;
    default:
      return;
  }
}

}  // namespace

void take_keys(const Analysis& analysis, Selection& selection) {
  for (const ImWchar letter : ImGui::GetIO().InputQueueCharacters) {
    take_letter(letter, analysis, selection);
  }
  if (is_pressed(ImGuiKey_LeftArrow)) selection.axis.pan(-kPanPixels);
  if (is_pressed(ImGuiKey_RightArrow)) selection.axis.pan(kPanPixels);
  if (is_pressed(ImGuiKey_UpArrow)) zoom(selection, kZoom);
  if (is_pressed(ImGuiKey_DownArrow)) zoom(selection, 1 / kZoom);
  if (is_pressed(ImGuiKey_Escape)) {
    if (!selection.shows_help) selection.task = 0;
    selection.shows_help = false;
  }
}

}  // namespace raddle::viewer
