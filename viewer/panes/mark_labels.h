// SPDX-License-Identifier: Apache-2.0
// The words of a finding's marks: drawn on top of all shapes, where they cover the least.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "viewer/layout/label_places.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

// How a label looks, and whose it is.
struct LabelStyle {
  ImU32 background = 0;
  ImU32 ink = 0;
  std::size_t party = 0;
};

// For the marks of one finding in one frame. Labels are wished for first and drawn together at
// last, those of shapes before those of lines; who finds no room is cut, or left out.
class MarkLabels {
 public:
  // They lie within `bounds`.
  explicit MarkLabels(const Rect& bounds) : bounds_(bounds), places_(bounds) {}

  // Stay off the words that spans have already.
  void spare_words(const Records& records);
  void block(const Rect& shape) { places_.block(shape); }
  // On the right of `at`, `distance` from it, or on its left, or below or above it.
  void beside(Point at, float distance, const std::string& text, const LabelStyle& style);
  // At the middle of the line from `a` to `b`: on it, or beside it where it is steep.
  void on_line(Point a, Point b, const std::string& text, const LabelStyle& style);
  // At the first of these left ends that has room.
  void at(const std::vector<Point>& left_ends, const std::string& text, const LabelStyle& style);
  // The same, if what was wished for last finds no room: fewer words.
  void or_else(const std::vector<Point>& left_ends, const std::string& text,
               const LabelStyle& style);
  // Here, or nowhere: what it says stands elsewhere too.
  void in_passing(Point left_end, const std::string& text, const LabelStyle& style);
  // `finding`, its number, goes into the records; 0: they are no finding's.
  void draw(Canvas& canvas, std::uint32_t finding, Records& records);

 private:
  struct Wish {
    std::vector<Rect> places;
    std::string text;
    LabelStyle style;
    bool is_in_passing = false;
    bool is_alternative = false;  // to the wish before
    bool is_first = false;        // of a shape, which would say nothing without it
  };

  // Where it stands, and what of its text; none: no room.
  struct Placed {
    Rect rect;
    std::string shown;
  };
  std::optional<Placed> place(const Wish& wish, bool may_cut);
  // Where pill() draws a text whose left end is here.
  static Rect rect_of(Point left_end, const std::string& text);

  Rect bounds_;
  LabelPlaces places_;
  std::vector<Wish> wishes_;
};

}  // namespace raddle::viewer
