// SPDX-License-Identifier: Apache-2.0
// The overlay that `?` opens: keys and mouse.
#include <array>
#include <cmath>

#include "viewer/panes/canvas.h"
#include "viewer/panes/commands.h"
#include "viewer/panes/panes.h"

namespace raddle::viewer {
namespace {

struct Gesture {
  const char* how;
  const char* what;
};
constexpr std::array kGestures = {
    Gesture{"wheel", "zoom at the mouse; over the names: scroll"},
    Gesture{"shift + wheel", "earlier, later"},
    Gesture{"drag", "move in time and over the lanes"},
    Gesture{"ctrl + drag", "zoom to a range"},
    Gesture{"click a lane", "show what its task does there"},
    Gesture{"click a group", "unfold it, or fold it"},
    Gesture{"click the strip", "go to that part of the run"},
    Gesture{"Esc", "one step back: task, filter"},
};

class Help : public Pane {
 public:
  void draw(const Analysis&, Selection& selection) override {
    if (!selection.shows_help) return;
    Canvas canvas(ImGui::GetForegroundDrawList());
    const float em = ImGui::GetFontSize();
    const float step = std::round(em * 1.55F);
    const std::size_t rows = (commands().size() + kGestures.size() + 1) / 2;
    const Rect& all = selection.screen.window;
    const float width = std::min(std::round(em * 66), all.width() - em);
    const float height = step * (static_cast<float>(rows) + 3);
    canvas.fill(all, with_alpha(theme().background, 190));
    const float x0 = std::round(all.middle_x() - width / 2);
    const float y0 = std::round(all.middle_y() - height / 2);
    const Rect box = {x0, y0, x0 + width, y0 + height};
    canvas.fill(box, theme().raised, 6);
    canvas.outline(box, theme().rule, 1, 6);
    canvas.text_in({box.x0 + em * 2, y0 + step / 2, box.x1, y0 + step * 1.5F}, theme().text,
                   "Keys and mouse", Align::kLeft, selection.fonts.strong);
    std::size_t place = 0;
    const auto add = [&](const char* how, const char* what) {
      const float x = box.x0 + em * 2 + (place < rows ? 0 : std::round(width / 2));
      const float y = y0 + step * (static_cast<float>(place % rows) + 2);
      const float end = x + width / 2 - em * 2;
      canvas.text_in({x, y, x + em * 8, y + step}, theme().amber, how);
      canvas.text_in({x + em * 8, y, end, y + step}, theme().dim, what);
      ++place;
    };
    for (const Command& command : commands()) add(command.keys, command.what);
    for (const Gesture& gesture : kGestures) add(gesture.how, gesture.what);
    selection.records.add({RecordKind::kText, 0, 0, box, "Keys and mouse", 0, 1});
  }
};

}  // namespace

std::unique_ptr<Pane> make_help() { return std::make_unique<Help>(); }

}  // namespace raddle::viewer
