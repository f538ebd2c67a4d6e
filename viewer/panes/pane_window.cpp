// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/pane_window.h"

#include <string>

namespace raddle::viewer {
namespace {

std::size_t g_side = 0;

}  // namespace

void set_pane_side(std::size_t side) { g_side = side; }

PaneWindow::PaneWindow(const char* name, const Rect& rect, ImU32 background, bool scrolls) {
  ImGui::SetNextWindowPos({rect.x0, rect.y0});
  ImGui::SetNextWindowSize({rect.width(), rect.height()});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, {1, 1});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, background);
  ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                           ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                           ImGuiWindowFlags_NoBringToFrontOnFocus;
  if (scrolls) {
    flags &= ~ImGuiWindowFlags_NoScrollbar;
  } else {
    flags |= ImGuiWindowFlags_NoScrollWithMouse;
  }
  const std::string unique = std::string(name) + "##" + std::to_string(g_side);
  ImGui::Begin(unique.c_str(), nullptr, flags);
}

PaneWindow::~PaneWindow() {
  ImGui::End();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(4);
}

void PaneWindow::content_height(float height) {
  ImGui::SetCursorPos({0, 0});
  ImGui::Dummy({1, height});
}

bool PaneWindow::is_clicked(const Rect& rect) const {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  return is_hovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Left) &&
         rect.contains({mouse.x, mouse.y});
}

BarWindow::BarWindow(const char* name, const Rect& bar)
    : window(name, bar, theme().panel),
      canvas(window.canvas()),
      rest{bar.x0 + ImGui::GetFontSize(), bar.y0, bar.x1 - ImGui::GetFontSize(), bar.y1} {}

}  // namespace raddle::viewer
