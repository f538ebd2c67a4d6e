// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/keys.h"

#include "viewer/panes/commands.h"
#include "viewer/panes/key_state.h"
#include "viewer/panes/prompt.h"

namespace raddle::viewer {
namespace {

constexpr double kZoom = 0.8;
constexpr float kPanPixels = 80;

// One thing at a time: help, statistics, cursor and task, filter.
void step_back(Selection& selection) {
  if (selection.shows_help) {
    selection.shows_help = false;
  } else if (selection.table != Table::kNone) {
    selection.table = Table::kNone;
  } else if (selection.cursor.task != 0 || selection.task != 0) {
    selection.cursor = {};
    selection.task = 0;
  } else {
    selection.filter.clear();
  }
}

}  // namespace

void take_keys(const Analysis& analysis, Selection& selection) {
  if (selection.prompt.kind != PromptKind::kNone) return take_prompt_keys(analysis, selection);
  const ImVector<ImWchar>& letters = ImGui::GetIO().InputQueueCharacters;
  if (!letters.empty()) selection.message.clear();
  for (const ImWchar letter : letters) {
    if (letter < 0x80) run_command(static_cast<char>(letter), analysis, selection);
    // What follows in the same frame is for the prompt.
    if (selection.prompt.kind != PromptKind::kNone) return;
  }
  if (is_palette_pressed()) return open_prompt(selection, PromptKind::kPalette);
  if (is_pressed(ImGuiKey_LeftArrow)) pan(selection, -kPanPixels);
  if (is_pressed(ImGuiKey_RightArrow)) pan(selection, kPanPixels);
  if (is_pressed(ImGuiKey_UpArrow)) zoom(selection, kZoom);
  if (is_pressed(ImGuiKey_DownArrow)) zoom(selection, 1 / kZoom);
  if (is_pressed(ImGuiKey_Escape)) step_back(selection);
}

}  // namespace raddle::viewer
