// SPDX-License-Identifier: Apache-2.0
// Keys that are no letters, whatever the version of ImGui.
#pragma once

#include "imgui.h"

namespace raddle::viewer {

// Before 1.87, keys were numbers of the window library.
inline bool is_pressed(ImGuiKey key) {
#if IMGUI_VERSION_NUM < 18700
  return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key));
#else
  return ImGui::IsKeyPressed(key);
#endif
}

inline bool is_palette_pressed() {
#if IMGUI_VERSION_NUM < 18700
  constexpr int kGlfwP = 80;
  return ImGui::GetIO().KeyCtrl && ImGui::IsKeyPressed(kGlfwP);
#else
  return ImGui::GetIO().KeyCtrl && ImGui::IsKeyPressed(ImGuiKey_P);
#endif
}

}  // namespace raddle::viewer
