// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/progress.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "viewer/panes/pane_window.h"

namespace raddle::viewer {

void draw_progress(const std::string& trace, double share, Selection& selection) {
  const Rect& all = selection.screen.window;
  PaneWindow window("progress", all, theme().background);
  Canvas canvas = window.canvas();
  const float em = ImGui::GetFontSize();
  const float half = std::min(em * 20, all.width() / 2 - em);
  const Rect words = {all.middle_x() - half, all.middle_y() - em * 2, all.middle_x() + half,
                      all.middle_y() - em / 2};
  const Rect bar = {words.x0, all.middle_y(), words.x1, all.middle_y() + em};
  const std::string text =
      "checking " + trace + "  " + std::to_string(std::lround(share * 100)) + " %";
  canvas.text_in(words, theme().text, text);
  canvas.fill(bar, theme().raised, 3);
  canvas.fill({bar.x0, bar.y0, bar.x0 + bar.width() * static_cast<float>(share), bar.y1},
              theme().good, 3);
  selection.records.add({RecordKind::kText, 0, 0, bar, text, 0, 1});
}

}  // namespace raddle::viewer
