// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/canvas.h"

#include <algorithm>
#include <cmath>

#include "viewer/layout/wait_graph.h"

namespace raddle::viewer {
namespace {

ImVec2 vec(Point p) { return {p.x, p.y}; }
ImVec2 low(const Rect& r) { return {r.x0, r.y0}; }
ImVec2 high(const Rect& r) { return {r.x1, r.y1}; }
ImFont* font_or_current(ImFont* font) { return font != nullptr ? font : ImGui::GetFont(); }
float pill_pad(const ImFont* font) { return std::round(font->FontSize * 0.45F); }

}  // namespace

void Canvas::clip(const Rect& rect) { list_->PushClipRect(low(rect), high(rect), true); }
void Canvas::unclip() { list_->PopClipRect(); }

void Canvas::fill(const Rect& rect, ImU32 colour, float rounding) {
  if (!rect.is_empty()) list_->AddRectFilled(low(rect), high(rect), colour, rounding);
}

void Canvas::outline(const Rect& rect, ImU32 colour, float thickness, float rounding) {
  list_->AddRect(low(rect), high(rect), colour, rounding, 0, thickness);
}

void Canvas::line(Point a, Point b, ImU32 colour, float thickness) {
  list_->AddLine(vec(a), vec(b), colour, thickness);
}

void Canvas::dashes(Point a, Point b, ImU32 colour, float thickness, float dash, float gap) {
  const float length = std::hypot(b.x - a.x, b.y - a.y);
  for (float at = 0; at < length; at += dash + gap) {
    line(toward(a, b, at), toward(a, b, std::min(at + dash, length)), colour, thickness);
  }
}

void Canvas::dotted_outline(const Rect& r, ImU32 colour, float thickness) {
  dashes({r.x0, r.y0}, {r.x1, r.y0}, colour, thickness, 3, 3);
  dashes({r.x1, r.y0}, {r.x1, r.y1}, colour, thickness, 3, 3);
  dashes({r.x1, r.y1}, {r.x0, r.y1}, colour, thickness, 3, 3);
  dashes({r.x0, r.y1}, {r.x0, r.y0}, colour, thickness, 3, 3);
}

void Canvas::disc(Point centre, float radius, ImU32 colour) {
  list_->AddCircleFilled(vec(centre), radius, colour, 32);
}

void Canvas::ring(Point centre, float radius, ImU32 colour, float thickness) {
  list_->AddCircle(vec(centre), radius, colour, 32, thickness);
}

void Canvas::diamond(Point c, float r, ImU32 colour, bool is_filled, float thickness) {
  const ImVec2 top = {c.x, c.y - r};
  const ImVec2 right = {c.x + r, c.y};
  const ImVec2 bottom = {c.x, c.y + r};
  const ImVec2 left = {c.x - r, c.y};
  if (is_filled) {
    list_->AddQuadFilled(top, right, bottom, left, colour);
  } else {
    list_->AddQuad(top, right, bottom, left, colour, thickness);
  }
}

void Canvas::triangle(Point a, Point b, Point c, ImU32 colour) {
  list_->AddTriangleFilled(vec(a), vec(b), vec(c), colour);
}

void Canvas::arrow(Point a, Point b, ImU32 colour, float thickness, float head, bool is_dotted) {
  const float length = std::hypot(b.x - a.x, b.y - a.y);
  if (length < 1) return;
  const Point u = {(b.x - a.x) / length, (b.y - a.y) / length};
  const Point neck = {b.x - u.x * head, b.y - u.y * head};
  const auto wing = [&](float size, float back) {
    const Point base = {neck.x - u.x * back, neck.y - u.y * back};
    return std::pair{Point{base.x - u.y * size, base.y + u.x * size},
                     Point{base.x + u.y * size, base.y - u.x * size}};
  };
  const auto [outer_a, outer_b] = wing(head * 0.55F + 2.5F, 1.5F);
  const auto [inner_a, inner_b] = wing(head * 0.55F, 0);
  line(a, neck, theme().casing, thickness + 3);
  triangle({b.x + u.x * 2.5F, b.y + u.y * 2.5F}, outer_a, outer_b, theme().casing);
  if (is_dotted) {
    dashes(a, neck, colour, thickness, 4, 4);
  } else {
    line(a, neck, colour, thickness);
  }
  triangle(b, inner_a, inner_b, colour);
}

namespace {

// Diagonals of `rect`, `distance` apart, fixed to the screen; rising to the right if `rises`.
void hatch(ImDrawList* list, const Rect& rect, bool rises, ImU32 ink, float distance) {
  const float h = rect.height();
  const float first = std::floor((rect.x0 - h) / distance) * distance;
  for (float x = first; x < rect.x1; x += distance) {
    // The line runs over h columns from x; cut it at both sides of the rectangle.
    const float from = std::max(x, rect.x0);
    const float to = std::min(x + h, rect.x1);
    if (to - from < 1) continue;
    const auto y_of = [&](float at) { return rises ? rect.y1 - (at - x) : rect.y0 + (at - x); };
    list->AddLine({from, y_of(from)}, {to, y_of(to)}, ink, 1.5F);
  }
}

void dots(ImDrawList* list, const Rect& rect, ImU32 ink, float distance) {
  const float first = std::ceil((rect.x0 + 1) / distance) * distance;
  for (float y = rect.y0 + distance / 2; y + 2 <= rect.y1; y += distance) {
    for (float x = first; x + 2 <= rect.x1; x += distance) {
      list->AddRectFilled({x, std::floor(y)}, {x + 2, std::floor(y) + 2}, ink);
    }
  }
}

void bars(ImDrawList* list, const Rect& rect, ImU32 ink, float distance) {
  for (float x = std::ceil((rect.x0 + 1) / distance) * distance; x + 1 < rect.x1; x += distance) {
    list->AddRectFilled({x, rect.y0}, {x + 1, rect.y1}, ink);
  }
}

}  // namespace

void Canvas::pattern(const Rect& rect, Pattern pattern, ImU32 ink) {
  switch (pattern) {
    case Pattern::kNone:
      return;
    case Pattern::kHatch:
      return hatch(list_, rect, true, ink, 8);
    case Pattern::kBackHatch:
      return hatch(list_, rect, false, ink, 8);
    case Pattern::kDots:
      return dots(list_, rect, ink, 6);
    case Pattern::kBars:
      return bars(list_, rect, ink, 9);
  }
}

float Canvas::text(Point at, ImU32 colour, std::string_view text, ImFont* font) {
  font = font_or_current(font);
  list_->AddText(font, font->FontSize, {std::round(at.x), std::round(at.y)}, colour, text.data(),
                 text.data() + text.size());
  return text_width(text, font);
}

Rect Canvas::text_in(const Rect& rect, ImU32 colour, std::string_view text, Align align,
                     ImFont* font) {
  font = font_or_current(font);
  const std::string shown = fitted(text, rect.width(), font);
  const float width = text_width(shown, font);
  float x = rect.x0;
  if (align == Align::kCentre) x = rect.middle_x() - width / 2;
  if (align == Align::kRight) x = rect.x1 - width;
  const float y = std::floor(rect.middle_y() - font->FontSize / 2);
  this->text({x, y}, colour, shown, font);
  return {std::round(x), y, std::round(x) + width, y + font->FontSize};
}

Rect Canvas::pill_rect(Point at, std::string_view text, ImFont* font) {
  font = font_or_current(font);
  const float half = std::round(font->FontSize * 0.72F);
  return {std::round(at.x), std::round(at.y) - half,
          std::round(at.x) + text_width(text, font) + 2 * pill_pad(font), std::round(at.y) + half};
}

Rect Canvas::pill(Point at, ImU32 background, ImU32 ink, std::string_view text, ImFont* font) {
  font = font_or_current(font);
  const Rect rect = pill_rect(at, text, font);
  fill({rect.x0 - 1, rect.y0 - 1, rect.x1 + 1, rect.y1 + 1}, theme().casing, 4);
  fill(rect, background, 3);
  text_in({rect.x0 + pill_pad(font), rect.y0, rect.x1, rect.y1}, ink, text, Align::kLeft, font);
  return rect;
}

float text_width(std::string_view text, ImFont* font) {
  font = font_or_current(font);
  return font->CalcTextSizeA(font->FontSize, 1e6F, 0, text.data(), text.data() + text.size()).x;
}

std::string fitted(std::string_view text, float width, ImFont* font) {
  // Half a pixel is not seen, and widths computed from positions are rounded.
  if (text_width(text, font) <= width + 0.5F) return std::string(text);
  const float dots = text_width("...", font);
  std::size_t fits = 0;
  for (std::size_t i = 1; i <= text.size(); ++i) {
    if (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (text_width(text.substr(0, i), font) + dots > width) break;
    fits = i;
  }
  if (fits < 3) return {};
  return std::string(text.substr(0, fits)) + "...";
}

namespace {

// How much of `text` fits: up to a blank where there is one, else as many letters as there is room
// for, at least one.
std::size_t fitting(std::string_view text, float width, ImFont* font) {
  std::size_t fits = 0;
  std::size_t last_blank = std::string_view::npos;
  for (std::size_t i = 1; i <= text.size(); ++i) {
    if (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (text_width(text.substr(0, i), font) > width + 0.5F) break;
    fits = i;
    if (i == text.size() || text[i] == ' ') last_blank = i;
  }
  return last_blank != std::string_view::npos ? last_blank : std::max<std::size_t>(fits, 1);
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, float width, ImFont* font) {
  font = font_or_current(font);
  std::vector<std::string> lines;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
    if (text.empty()) return lines;
    const std::size_t line = fitting(text.substr(0, text.find('\n')), width, font);
    lines.emplace_back(text.substr(0, line));
    text.remove_prefix(line);
  }
}

float line_height() { return std::round(ImGui::GetFontSize() * 1.32F); }

}  // namespace raddle::viewer
