// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/mark_shapes.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "viewer/panes/mark_labels.h"

namespace raddle::viewer {
namespace {

// Draws one mark; knows how strong it may be.
class MarkPen {
 public:
  MarkPen(Canvas& canvas, MarkLabels& labels, const Finding& finding, bool is_selected,
          const Selection& selection)
      : canvas_(canvas),
        labels_(labels),
        colour_(colour_of(finding)),
        is_selected_(is_selected),
        axis_(selection.axis) {}

  void draw(const Mark& mark) {
    switch (mark.shape) {
      case MarkShape::kFrame:
        return frame(mark);
      case MarkShape::kDottedFrame:
        return dotted_frame(mark);
      case MarkShape::kArrow:
      case MarkShape::kDottedArrow:
        return arrow(mark);
      case MarkShape::kDiamond:
        return diamond(mark, true);
      case MarkShape::kHollowDiamond:
        return diamond(mark, false);
      case MarkShape::kTie:
        return tie(mark);
      case MarkShape::kUnderline:
        return underline(mark);
      case MarkShape::kCross:
        return cross(mark);
      case MarkShape::kDot:
        return dot(mark);
      case MarkShape::kBurst:
        return burst(mark);
      case MarkShape::kRound:
        return round(mark);
      case MarkShape::kGhost:
        return ghost(mark);
      case MarkShape::kCommon:
        return common(mark);
      case MarkShape::kLabel:
        return label(mark);
    }
  }

 private:
  float radius(const Mark& mark) const { return std::round(mark.rect.width() / 2); }

  void frame(const Mark& mark) {
    if (mark.rect.x0 >= axis_.x1() || mark.rect.x1 <= axis_.x0()) return;
    const Rect r = {std::max(mark.rect.x0, axis_.x0() - 8) - 1, mark.rect.y0 - 1,
                    std::min(mark.rect.x1, axis_.x1() + 8) + 1, mark.rect.y1 + 1};
    canvas_.outline(r, theme().casing, is_selected_ ? 6.0F : 4.0F, 2);
    canvas_.outline(r, is_selected_ ? theme().bright : with_alpha(theme().bright, 150),
                    is_selected_ ? 2.5F : 1.5F, 2);
  }

  void dotted_frame(const Mark& mark) {
    const Rect& r = mark.rect;
    if (r.x0 >= axis_.x1() || r.x1 <= axis_.x0()) return;
    canvas_.outline({r.x0 - 1, r.y0 - 1, r.x1 + 1, r.y1 + 1}, theme().casing, 4);
    canvas_.dotted_outline({r.x0 - 1, r.y0 - 1, r.x1 + 1, r.y1 + 1}, theme().bright, 2);
    labels_.block(r);
    if (is_selected_)
      labels_.beside({r.middle_x(), r.middle_y()}, r.width() / 2 + 8, mark.text, coloured(mark));
  }

  void arrow(const Mark& mark) {
    if (!is_selected_) return;
    const float head = std::round(ImGui::GetFontSize() * 0.75F);
    if (mark.from.y == mark.to.y) return arrow_below(mark, head);
    const bool is_dotted = mark.shape == MarkShape::kDottedArrow;
    canvas_.arrow(mark.from, mark.to, theme().bright, 2.5F, head, is_dotted);
    if (mark.from.x == mark.to.x) {
      labels_.block({mark.from.x - 5, std::min(mark.from.y, mark.to.y), mark.from.x + 5,
                     std::max(mark.from.y, mark.to.y)});
    }
    // What a dotted one would be about is said by the frame that it leaves.
    if (is_dotted) return;
    labels_.on_line(mark.from, mark.to, mark.text, {theme().bright, theme().casing, mark.party});
  }

  // Within one lane an arrow would hide the spans: it goes along below them.
  void arrow_below(const Mark& mark, float head) {
    const float y = mark.from.y + std::round(ImGui::GetFontSize() * 1.15F);
    const Point a = {mark.from.x, y};
    const Point b = {mark.to.x, y};
    for (const auto& [colour, thickness] :
         {std::pair{theme().casing, 5.5F}, std::pair{theme().bright, 2.5F}}) {
      canvas_.line(mark.from, a, colour, thickness);
      canvas_.line(a, b, colour, thickness);
    }
    canvas_.arrow(b, mark.to, theme().bright, 2.5F, head);
  }

  void diamond(const Mark& mark, bool is_filled) {
    const float r = radius(mark);
    canvas_.diamond(mark.from, r + 3, theme().casing, true);
    canvas_.diamond(mark.from, r, theme().bright, true);
    canvas_.diamond(mark.from, r - 2, is_filled ? colour_ : theme().casing, true);
    if (!is_filled) canvas_.diamond(mark.from, r - 2, colour_, false, 2);
    if (is_selected_) {
      labels_.block(mark.rect);
      labels_.beside(mark.from, r + 5, is_filled ? "write" : "read", coloured(mark));
    }
  }

  void tie(const Mark& mark) {
    const bool is_seen = std::max(mark.from.x, mark.to.x) >= axis_.x0() &&
                         std::min(mark.from.x, mark.to.x) < axis_.x1();
    if (!is_selected_ || !is_seen) return;
    canvas_.line(mark.from, mark.to, theme().casing, 6);
    canvas_.dashes(mark.from, mark.to, colour_, 2.5F, 8, 6);
    labels_.on_line(mark.from, mark.to, mark.text, on_casing(mark, colour_));
  }

  void underline(const Mark& mark) {
    const float y = mark.from.y;
    const float x0 = std::max(mark.from.x, axis_.x0());
    const float x1 = axis_.x1();
    if (x1 - x0 < 4) return;
    const float thickness = is_selected_ ? 4.0F : 2.0F;
    canvas_.fill({x0, y - thickness / 2 - 1, x1, y + thickness / 2 + 1}, theme().casing);
    const float size = std::round(ImGui::GetFontSize() * 0.42F);
    canvas_.fill({x0, y - thickness / 2, std::max(x0 + 1, x1 - size), y + thickness / 2}, colour_);
    const auto tip_of = [&](int i) { return x1 - 2 - static_cast<float>(i) * (size + 7); };
    int heads = 1;
    while (heads < 3 && tip_of(heads) - size >= x0) ++heads;
    for (int i = 0; i < heads; ++i) {
      const float tip = tip_of(i);
      canvas_.triangle({tip - size - 2, y - size - 2}, {tip + 1.5F, y},
                       {tip - size - 2, y + size + 2}, theme().casing);
    }
    for (int i = 0; i < heads; ++i) {
      const float tip = tip_of(i);
      canvas_.triangle({tip - size, y - size}, {tip, y}, {tip - size, y + size}, colour_);
    }
    if (!is_selected_ || mark.text == name_of(Certainty::kCertain)) return;
    // What the task waits for stands in the bar above, and the card says the word too.
    const float width = Canvas::pill_rect({}, mark.text).width();
    const float left = x1 - width - 4 * (size + 7);
    const float above = mark.rect.y0 - ImGui::GetFontSize() * 0.8F;
    if (left >= x0) labels_.in_passing({left, above}, mark.text, coloured(mark));
  }

  void cross(const Mark& mark) {
    const float r = radius(mark) - 1;
    const Point c = mark.from;
    const auto stroke = [&](ImU32 colour, float thickness) {
      canvas_.line({c.x - r, c.y - r}, {c.x + r, c.y + r}, colour, thickness);
      canvas_.line({c.x - r, c.y + r}, {c.x + r, c.y - r}, colour, thickness);
    };
    stroke(theme().casing, 9);
    stroke(theme().bright, 6);
    stroke(colour_, 3);
    labels_.block(mark.rect);
  }

  void dot(const Mark& mark) {
    const float r = std::round(radius(mark) * 0.6F);
    canvas_.disc(mark.from, r + 3, theme().casing);
    canvas_.disc(mark.from, r + 1, theme().bright);
    canvas_.disc(mark.from, r - 1, colour_);
    labels_.block({mark.from.x - r, mark.from.y - r, mark.from.x + r, mark.from.y + r});
  }

  void burst(const Mark& mark) {
    const float r = radius(mark) + 1;
    const Point c = mark.from;
    canvas_.disc(c, r + 2, theme().casing);
    canvas_.disc(c, r, theme().bright);
    canvas_.disc(c, r - 2, colour_);
    canvas_.text_in({c.x - r, c.y - r, c.x + r + 1, c.y + r}, theme().casing, mark.text,
                    Align::kCentre);
    labels_.block(mark.rect);
  }

  // Most of a circle, from the top clockwise, with a head.
  void round(const Mark& mark) {
    constexpr int kSides = 20;
    constexpr float kShare = 0.8F;
    const float r = radius(mark) - 1;
    const auto at = [&](int i) -> Point {
      const float angle = 2 * std::numbers::pi_v<float> * kShare * static_cast<float>(i) / kSides;
      return {mark.from.x + r * std::sin(angle), mark.from.y - r * std::cos(angle)};
    };
    canvas_.disc(mark.from, r + 4, theme().casing);
    for (const auto& [colour, thickness] :
         {std::pair{theme().bright, 4.5F}, std::pair{colour_, 2.5F}}) {
      for (int i = 0; i + 1 < kSides; ++i) canvas_.line(at(i), at(i + 1), colour, thickness);
    }
    const Point tip = at(kSides + 1);
    const Point tail = at(kSides - 2);
    const Point along = {tip.x - tail.x, tip.y - tail.y};
    canvas_.triangle({tail.x - along.y * 0.6F, tail.y + along.x * 0.6F}, tip,
                     {tail.x + along.y * 0.6F, tail.y - along.x * 0.6F}, theme().bright);
    labels_.block(mark.rect);
  }

  // What is drawn below it stays visible: the words stand on it, at its beginning.
  void ghost(const Mark& mark) {
    const Rect r = {std::max(mark.rect.x0, axis_.x0()), mark.rect.y0,
                    std::min(mark.rect.x1, axis_.x1()), mark.rect.y1};
    if (!is_selected_ || r.width() < 4) return;
    canvas_.fill(r, with_alpha(theme().background, 150));
    canvas_.dotted_outline(r, colour_, 1.5F);
    if (text_width(mark.text) + ImGui::GetFontSize() * 2 < r.width()) {
      labels_.at({{r.x0 + 6, r.middle_y()}}, mark.text, on_casing(mark, colour_));
    }
  }

  // What came before the line is behind a veil: it is ordered, and cannot be the bug.
  void common(const Mark& mark) {
    if (!is_selected_) return;
    const LabelStyle style = on_casing(mark, theme().text);
    const std::string brief = mark.text.substr(0, mark.text.find(':'));
    if (mark.from.x < axis_.x0()) {
      const std::vector<Point> ends = {{axis_.x0() + 4, mark.to.y}};
      labels_.at(ends, "<< " + mark.text, style);
      return labels_.or_else(ends, "<< " + brief, style);
    }
    canvas_.fill({axis_.x0(), mark.from.y, std::min(mark.from.x, axis_.x1()), mark.to.y},
                 with_alpha(theme().background, 150));
    canvas_.line(mark.from, mark.to, theme().casing, 5);
    canvas_.dashes(mark.from, mark.to, theme().bright, 2, 4, 3);
    const auto ends_of = [&](const std::string& text) -> std::vector<Point> {
      const float width = Canvas::pill_rect({}, text).width();
      return {{mark.from.x - 6 - width, mark.to.y}, {mark.from.x + 6, mark.to.y}};
    };
    labels_.at(ends_of(mark.text), mark.text, style);
    labels_.or_else(ends_of(brief), brief, style);
  }

  void label(const Mark& mark) {
    if (is_selected_) labels_.beside(mark.to, mark.from.x - mark.to.x, mark.text, coloured(mark));
  }

  LabelStyle coloured(const Mark& mark) const { return {colour_, theme().casing, mark.party}; }
  static LabelStyle on_casing(const Mark& mark, ImU32 ink) {
    return {theme().casing, ink, mark.party};
  }

  Canvas& canvas_;
  MarkLabels& labels_;
  ImU32 colour_;
  bool is_selected_;
  const TimeAxis& axis_;
};

}  // namespace

void draw_marks(Canvas& canvas, const std::vector<Mark>& marks, const Finding& finding,
                bool is_selected, Selection& selection) {
  const ImVec2 low = canvas.list()->GetClipRectMin();
  const ImVec2 high = canvas.list()->GetClipRectMax();
  MarkLabels labels({low.x, low.y, high.x, high.y});
  if (is_selected) labels.spare_words(selection.records);
  MarkPen pen(canvas, labels, finding, is_selected, selection);
  for (const Mark& mark : marks) {
    pen.draw(mark);
    const bool is_line = mark.shape == MarkShape::kArrow || mark.shape == MarkShape::kDottedArrow ||
                         mark.shape == MarkShape::kTie || mark.shape == MarkShape::kCommon ||
                         mark.shape == MarkShape::kGhost;
    if (is_line && !is_selected) continue;  // not drawn
    std::string text(name_of(mark.shape));
    if (!mark.text.empty()) text += ": " + mark.text;
    selection.records.add(
        {RecordKind::kMark, finding.id, mark.party, mark.rect, text, finding.id, 1, is_line});
  }
  labels.draw(canvas, finding.id, selection.records);
}

}  // namespace raddle::viewer
