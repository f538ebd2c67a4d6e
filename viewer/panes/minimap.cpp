// SPDX-License-Identifier: Apache-2.0
// The whole run in a strip: how many tasks are in which state, where the findings are, and which
// part the timeline shows.
#include "viewer/layout/minimap.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>

#include "viewer/layout/words.h"
#include "viewer/panes/background.h"
#include "viewer/panes/pane_window.h"
#include "viewer/panes/panes.h"
#include "viewer/panes/progress.h"

namespace raddle::viewer {
namespace {

constexpr std::size_t kColumns = 2048;
constexpr std::size_t kMostAtOnce = 1 << 18;  // spans; more are counted in the background
constexpr float kNotchRoom = 10;

class MinimapPane : public Pane {
 public:
  explicit MinimapPane(const Analysis& analysis) {
    std::size_t spans = 0;
    for (const Task& task : analysis.run.tasks) spans += task.spans.size();
    map_.start(
        [&run = analysis.run](const std::atomic<bool>& is_stopped) {
          return minimap_of(run, kColumns, &is_stopped);
        },
        spans <= kMostAtOnce);
  }

  void wait() final { map_.wait(); }

  void draw(const Analysis& analysis, Selection& selection) override {
    const Rect& pane = selection.screen.minimap;
    PaneWindow window("minimap", pane, theme().background);
    Canvas canvas = window.canvas();
    whole_ = TimeAxis(analysis.run.duration_ns);
    const float edge = std::round(ImGui::GetFontSize() * 0.5F);
    whole_.place(pane.x0 + edge, pane.x1 - edge);
    const Rect strip = {pane.x0 + edge, pane.y0 + kNotchRoom, pane.x1 - edge, pane.y1 - 4};
    canvas.fill(strip, theme().panel);
    selection.read.empty() ? bars(canvas, strip) : bars_so_far(canvas, strip, selection);
    view(canvas, strip, selection);
    notches(canvas, strip, analysis, selection);
    input(window, pane, selection);
  }

 private:
  void bars(Canvas& canvas, const Rect& strip) const {
    const Minimap* map = map_.get();
    if (map == nullptr) {
      canvas.pattern(strip, Pattern::kHatch, theme().grid);
      return;
    }
    if (map->most <= 0) return;
    for (float x = strip.x0; x < strip.x1; ++x) {
      const double share =
          whole_.time_of(x + 0.5F) / (whole_.end_ns() / (1 + TimeAxis::kMarginShare));
      if (share < 0 || share >= 1) continue;
      const auto& column = map->columns[static_cast<std::size_t>(share * kColumns)];
      float y = strip.y1;
      for (std::size_t s = 0; s < kStateCount; ++s) {
        const float top = y - column[s] / map->most * strip.height();
        const Rect bar = {x, std::round(top), x + 1, std::round(y)};
        canvas.fill(bar, style_of(static_cast<State>(s)).colour);
        y = top;
      }
    }
  }

  // The run's time is a little shorter than the strip.
  void bars_so_far(Canvas& canvas, const Rect& strip, const Selection& selection) const {
    const double run_ns = whole_.end_ns() / (1 + TimeAxis::kMarginShare);
    const Rect run = {whole_.column_of(0), strip.y0, whole_.column_of(run_ns), strip.y1};
    canvas.pattern(run, Pattern::kHatch, theme().grid);
    draw_so_far(canvas, run, selection.columns);
  }

  void view(Canvas& canvas, const Rect& strip, Selection& selection) const {
    const float x0 = std::max(whole_.column_of(selection.axis.begin_ns()), strip.x0);
    const float x1 = std::min(whole_.column_of(selection.axis.end_ns()), strip.x1);
    const Rect view = {x0, strip.y0, std::max(x1, x0 + 4), strip.y1};
    const ImU32 shade = with_alpha(theme().background, 150);
    canvas.fill({strip.x0, strip.y0, view.x0, strip.y1}, shade);
    canvas.fill({view.x1, strip.y0, strip.x1, strip.y1}, shade);
    canvas.outline({view.x0, view.y0 - 1, view.x1, view.y1 + 1}, theme().casing, 3);
    canvas.outline({view.x0, view.y0 - 1, view.x1, view.y1 + 1}, theme().bright, 1);
    selection.records.add({RecordKind::kWindow, 0, 0, view, {}, 0, 1});
  }

  void notches(Canvas& canvas, const Rect& strip, const Analysis& analysis,
               Selection& selection) const {
    for (std::size_t i = analysis.findings.size(); i-- > 0;) {
      const Finding& finding = analysis.findings[i];
      if (finding.parties.empty()) continue;
      std::int64_t latest = 0;
      for (const Party& party : finding.parties) latest = std::max(latest, party.time_ns);
      const float x = whole_.column_of(static_cast<double>(latest));
      const float half = i == selection.finding ? 6 : 4;
      canvas.triangle({x - half, strip.y0 - 8}, {x + half, strip.y0 - 8}, {x, strip.y0 - 1},
                      colour_of(finding));
      selection.records.add({RecordKind::kNotch,
                             finding.id,
                             0,
                             {x - half, strip.y0 - 8, x + half, strip.y0},
                             finding.title,
                             finding.id,
                             1});
    }
  }

  // A click or drag puts the middle of the timeline there.
  void input(const PaneWindow& window, const Rect& pane, Selection& selection) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    if (window.is_clicked(pane)) {
      is_dragging_ = true;
      selection.history.begin_step();
    }
    if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) is_dragging_ = false;
    if (!is_dragging_) return;
    const double half = selection.axis.window_ns() / 2;
    const double middle = whole_.time_of(mouse.x);
    selection.axis.frame(middle - half, middle + half);
  }

  Background<Minimap> map_;
  TimeAxis whole_;
  bool is_dragging_ = false;
};

}  // namespace

std::unique_ptr<Pane> make_minimap(const Analysis& analysis) {
  return std::make_unique<MinimapPane>(analysis);
}

}  // namespace raddle::viewer
