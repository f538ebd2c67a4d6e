// SPDX-License-Identifier: Apache-2.0
// The line at the top: which run this is, and how it ended.
#include <cmath>
#include <string>

#include "viewer/layout/words.h"
#include "viewer/panes/pane_window.h"
#include "viewer/panes/panes.h"

namespace raddle::viewer {
namespace {

std::string base_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

class TopBar : public Pane {
 public:
  void draw(const Analysis& analysis, Selection& selection) override {
    BarWindow bar("top bar", selection.screen.top_bar);
    Canvas& canvas = bar.canvas;
    Rect& rest = bar.rest;
    const std::string keys = "n/p finding   [ ] wait chain   / filter   f fit   F all   ? keys";
    put(canvas, rest, theme().text, "raddle", selection.fonts.strong);
    put(canvas, rest, theme().text, base_name(selection.trace_name));
    for (const std::string& fact : facts(analysis.run)) put(canvas, rest, theme().dim, fact);
    ending(canvas, rest, analysis.run, selection);
    if (rest.width() > text_width(keys) + ImGui::GetFontSize())
      canvas.text_in(rest, theme().faint, keys, Align::kRight);
  }

 private:
  static std::vector<std::string> facts(const Run& run) {
    const std::size_t tasks = run.tasks.empty() ? 0 : run.tasks.size() - 1;
    return {format_count(run.events) + " events",
            format_count(tasks) + (tasks == 1 ? " task" : " tasks"),
            format_duration(static_cast<double>(run.duration_ns))};
  }

  static void put(Canvas& canvas, Rect& rest, ImU32 colour, const std::string& text,
                  ImFont* font = nullptr) {
    const Rect drawn = canvas.text_in(rest, colour, text, Align::kLeft, font);
    rest.x0 = drawn.x1 + std::round(ImGui::GetFontSize() * 1.6F);
  }

  static void ending(Canvas& canvas, Rect& rest, const Run& run, Selection& selection) {
    const bool is_bad = ended_badly(run);
    std::string text = how_ended(run);
    selection.records.add({RecordKind::kText, 0, 0, rest, text, 0, 1});
    const Rect chip =
        canvas.pill({rest.x0, rest.middle_y()}, is_bad ? theme().red : theme().raised,
                    is_bad ? theme().casing : theme().text, text, selection.fonts.strong);
    rest.x0 = chip.x1 + ImGui::GetFontSize();
    if (run.damage.bytes_lost == 0 && run.damage.notes.empty()) return;
    text = "damaged: " + (run.damage.bytes_lost > 0 || run.damage.notes.empty()
                              ? format_count(run.damage.bytes_lost) + " bytes lost"
                              : run.damage.notes.front());
    selection.records.add({RecordKind::kText, 0, 0, rest, text, 0, 1});
    rest.x0 = canvas.pill({rest.x0, rest.middle_y()}, theme().amber, theme().casing, text).x1 +
              ImGui::GetFontSize();
  }
};

}  // namespace

std::unique_ptr<Pane> make_top_bar() { return std::make_unique<TopBar>(); }

}  // namespace raddle::viewer
