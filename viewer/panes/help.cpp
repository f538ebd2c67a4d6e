// SPDX-License-Identifier: Apache-2.0
// The overlay that `?` opens: keys and mouse.
#include <array>
#include <cmath>

#include "viewer/panes/canvas.h"
#include "viewer/panes/panes.h"

namespace raddle::viewer {
namespace {

struct Key {
  const char* key;
  const char* what;
};
constexpr std::array kKeys = {
    Key{"wheel", "zoom at the mouse; over the names: scroll"},
    Key{"shift + wheel", "move in time"},
    Key{"drag", "move in time and over the lanes"},
    Key{"w  s", "zoom in, zoom out"},
    Key{"a  d", "earlier, later"},
    Key{"n  p", "next, previous finding"},
    Key{"f", "show the selected finding or task"},
    Key{"F", "show the whole run"},
    Key{"click a lane", "show what its task did"},
    Key{"click the strip", "go to that part of the run"},
    Key{"Esc", "back to the finding"},
    Key{"?", "open and close this"},
};

class Help : public Pane {
 public:
  void draw(const Analysis&, Selection& selection) override {
    if (!selection.shows_help) return;
    Canvas canvas(ImGui::GetForegroundDrawList());
    const float em = ImGui::GetFontSize();
    const float step = std::round(em * 1.7F);
    const float width = std::round(em * 34);
    const float height = step * (static_cast<float>(kKeys.size()) + 2.5F);
    const Rect& all = selection.screen.window;
    canvas.fill(all, with_alpha(kCasing, 150));
    const float x0 = std::round(all.middle_x() - width / 2);
    const float y0 = std::round(all.middle_y() - height / 2);
    const Rect box = {x0, y0, x0 + width, y0 + height};
    canvas.fill(box, kRaised, 6);
    canvas.outline(box, kRule, 1, 6);
    float y = box.y0 + step / 2;
    canvas.text_in({box.x0 + em * 2, y, box.x1, y + step}, kText, "Keys and mouse", Align::kLeft,
                   selection.fonts.strong);
    y += step * 1.3F;
    for (const Key& key : kKeys) {
      canvas.text_in({box.x0 + em * 2, y, box.x0 + em * 11, y + step}, kAmber, key.key);
      canvas.text_in({box.x0 + em * 11, y, box.x1 - em, y + step}, kDim, key.what);
      y += step;
    }
    selection.records.add({RecordKind::kText, 0, 0, box, "Keys and mouse", 0, 1});
  }
};

}  // namespace

std::unique_ptr<Pane> make_help() { return std::make_unique<Help>(); }

}  // namespace raddle::viewer
