// SPDX-License-Identifier: Apache-2.0
// The list of findings, and the legend of the timeline's colours below it.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viewer/layout/span_index.h"
#include "viewer/layout/words.h"
#include "viewer/panes/pane_window.h"
#include "viewer/panes/panes.h"

namespace raddle::viewer {
namespace {

constexpr std::size_t kTitleLines = 2;
constexpr std::size_t kTitleLinesOfSelected = 6;

class FindingsPane : public Pane {
 public:
  void draw(const Analysis& analysis, Selection& selection) override {
    const Rect& pane = selection.screen.findings;
    const float em = ImGui::GetFontSize();
    const float head = std::round(em * 2.4F);
    const float legend = legend_height();
    Rect list = {pane.x0, pane.y0 + head, pane.x1, pane.y1 - legend};
    if (list.height() < em * 10) list.y1 = pane.y1;  // a low window shows no legend
    {
      PaneWindow window("findings", {pane.x0, pane.y0, pane.x1, list.y0}, theme().panel);
      Canvas canvas = window.canvas();
      heading(canvas, {pane.x0 + em, pane.y0, pane.x1 - em, list.y0}, analysis, selection);
    }
    if (list.y1 < pane.y1) {
      const Rect below = {pane.x0, list.y1, pane.x1, pane.y1};
      PaneWindow window("legend", below, theme().panel);
      Canvas canvas = window.canvas();
      draw_legend(canvas, below, selection);
    }
    PaneWindow window("finding list", list, theme().panel, true);
    cards(window, list, analysis, selection);
  }

 private:
  static void heading(Canvas& canvas, const Rect& rect, const Analysis& analysis,
                      Selection& selection) {
    canvas.text_in(rect, theme().text, "Findings", Align::kLeft, selection.fonts.strong);
    canvas.text_in(rect, theme().dim, std::to_string(analysis.findings.size()), Align::kRight);
  }

  void cards(PaneWindow& window, const Rect& list, const Analysis& analysis, Selection& selection) {
    const float em = ImGui::GetFontSize();
    const float gap = std::round(em * 0.5F);
    float y = list.y0 - window.scroll();
    const float top = y;
    Canvas canvas = window.canvas();
    if (analysis.findings.empty()) {
      canvas.text_in({list.x0 + em, y, list.x1 - em, y + line_height()}, theme().dim,
                     "nothing found");
    }
    for (std::size_t i = 0; i < analysis.findings.size(); ++i) {
      const std::vector<std::string> title =
          wrapped(analysis.findings[i].title, list.width() - em * 2.6F);
      const std::size_t lines =
          std::min(title.size(), i == selection.finding ? kTitleLinesOfSelected : kTitleLines);
      const float height = card_height(lines);
      const Rect card = {list.x0 + gap, y, list.x1 - gap, y + height};
      if (i == selection.finding && i != revealed_) reveal(card, list, window.scroll());
      if (card.y1 > list.y0 && card.y0 < list.y1) {
        draw_card(window, card, analysis.findings[i], title, lines, selection);
      }
      if (window.is_clicked(card)) select_finding(analysis, selection, i);
      y += height + gap;
    }
    revealed_ = selection.finding;
    window.content_height(y - top);
  }

  static void reveal(const Rect& card, const Rect& list, float scroll) {
    if (card.y0 < list.y0) ImGui::SetScrollY(scroll + card.y0 - list.y0);
    if (card.y1 > list.y1) ImGui::SetScrollY(scroll + card.y1 - list.y1);
  }

  static float card_height(std::size_t title_lines) {
    return static_cast<float>(title_lines + 2) * line_height() +
           std::round(ImGui::GetFontSize() * 0.9F);
  }

  static void draw_card(const PaneWindow& window, const Rect& card, const Finding& finding,
                        const std::vector<std::string>& title, std::size_t title_lines,
                        Selection& selection) {
    const bool is_selected = selection.finding + 1 == finding.id;
    Canvas canvas = window.canvas();
    const float em = ImGui::GetFontSize();
    const ImU32 colour = colour_of(finding);
    canvas.fill(card, is_selected ? theme().selected : theme().raised, 3);
    canvas.fill({card.x0, card.y0, card.x0 + (is_selected ? 5.0F : 3.0F), card.y1}, colour);
    Rect line = {card.x0 + em, card.y0 + std::round(em * 0.45F), card.x1 - std::round(em * 0.6F),
                 0};
    line.y1 = line.y0 + line_height();
    const auto next = [&] {
      line.y0 = line.y1;
      line.y1 += line_height();
    };
    const Rect kind =
        canvas.text_in(line, colour, std::to_string(finding.id) + " " + kind_title(finding.kind),
                       Align::kLeft, selection.fonts.strong);
    const std::string times = "x" + format_count(finding.count);
    if (finding.count > 1 && kind.x1 + em + text_width(times) <= line.x1) {
      canvas.text_in(line, theme().dim, times, Align::kRight);
    }
    for (std::size_t i = 0; i < title_lines; ++i) {
      next();
      const bool is_cut = i + 1 == title_lines && title.size() > title_lines;
      canvas.text_in(line, theme().text, is_cut ? title[i] + " ..." : title[i]);
    }
    next();
    canvas.text_in(line, theme().dim, footnote(finding));
    selection.records.add({RecordKind::kFindingCard, finding.id, 0, card,
                           kind_title(finding.kind) + ": " + finding.title, finding.id, 1});
  }

  static std::string footnote(const Finding& finding) {
    std::string text(name_of(finding.certainty));
    if (!finding.parties.empty() && finding.parties[0].time_ns > 0) {
      std::int64_t latest = 0;
      for (const Party& party : finding.parties) latest = std::max(latest, party.time_ns);
      text += ", " + format_duration(static_cast<double>(latest));
    }
    return text;
  }

  static float legend_height() {
    const float em = ImGui::GetFontSize();
    return std::round(em * 2.6F + static_cast<float>(kStateCount) * em * 1.6F);
  }

  static void draw_legend(Canvas& canvas, const Rect& area, Selection& selection) {
    const float em = ImGui::GetFontSize();
    canvas.fill({area.x0 + em, area.y0, area.x1 - em, area.y0 + 1}, theme().rule);
    float y = area.y0 + std::round(em * 0.7F);
    canvas.text_in({area.x0 + em, y, area.x1, y + line_height()}, theme().text, "What tasks do",
                   Align::kLeft, selection.fonts.strong);
    y += std::round(em * 1.7F);
    const float step = std::round(em * 1.6F);
    for (std::size_t i = 0; i < kStateCount; ++i, y += step) {
      const StateStyle style = style_of(static_cast<State>(i));
      Rect swatch = {area.x0 + em, y + 2, area.x0 + em + std::round(em * 2.8F), y + step - 4};
      const Rect words = {swatch.x1 + std::round(em * 0.8F), y, area.x1 - em / 2, y + step - 2};
      swatch.y0 = std::round(swatch.y1 - swatch.height() * style.height);
      canvas.fill(swatch, style.colour);
      canvas.pattern(swatch, style.pattern, with_alpha(theme().pattern, 150));
      canvas.text_in(words, theme().dim, state_name(static_cast<State>(i)));
    }
  }

  std::size_t revealed_ = kNoFinding;
};

}  // namespace

std::unique_ptr<Pane> make_findings() { return std::make_unique<FindingsPane>(); }

}  // namespace raddle::viewer
