// SPDX-License-Identifier: Apache-2.0
// Drawing in terms of our own geometry: fills, text that fits, patterns, arrows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "imgui.h"
#include "viewer/layout/geometry.h"
#include "viewer/panes/theme.h"

namespace raddle::viewer {

enum class Align : unsigned char { kLeft, kCentre, kRight };

// Draws into one ImDrawList; lives for a frame at most.
class Canvas {
 public:
  explicit Canvas(ImDrawList* list) : list_(list) {}
  ImDrawList* list() const { return list_; }

  void clip(const Rect& rect);  // until unclip
  void unclip();

  void fill(const Rect& rect, ImU32 colour, float rounding = 0);
  void outline(const Rect& rect, ImU32 colour, float thickness = 1, float rounding = 0);
  void line(Point a, Point b, ImU32 colour, float thickness = 1);
  void dashes(Point a, Point b, ImU32 colour, float thickness, float dash, float gap);
  void dotted_outline(const Rect& rect, ImU32 colour, float thickness);
  void disc(Point centre, float radius, ImU32 colour);
  void ring(Point centre, float radius, ImU32 colour, float thickness);
  void diamond(Point centre, float radius, ImU32 colour, bool is_filled, float thickness = 2);
  void triangle(Point a, Point b, Point c, ImU32 colour);
  // A line with a head at `b`, with a dark casing, so that it is seen on any colour.
  void arrow(Point a, Point b, ImU32 colour, float thickness, float head, bool is_dotted = false);
  void pattern(const Rect& rect, Pattern pattern, ImU32 ink);

  // Text at its top left corner; returns its width.
  float text(Point at, ImU32 colour, std::string_view text, ImFont* font = nullptr);
  // Text in the vertical middle of `rect`, shortened with "..." to its width; returns where it is.
  Rect text_in(const Rect& rect, ImU32 colour, std::string_view text, Align align = Align::kLeft,
               ImFont* font = nullptr);
  // Text on a rounded background; `at` is the middle of its left edge.
  Rect pill(Point at, ImU32 background, ImU32 ink, std::string_view text, ImFont* font = nullptr);
  // Where pill() would draw it.
  static Rect pill_rect(Point at, std::string_view text, ImFont* font = nullptr);

 private:
  ImDrawList* list_;
};

// In the current font, or `font`.
float text_width(std::string_view text, ImFont* font = nullptr);
// `text`, cut with "..." to at most `width` pixels; empty if not even three letters fit.
std::string fitted(std::string_view text, float width, ImFont* font = nullptr);
// Lines of at most `width` pixels, broken at blanks where there are any.
std::vector<std::string> wrapped(std::string_view text, float width, ImFont* font = nullptr);
// The distance of lines of text.
float line_height();

}  // namespace raddle::viewer
