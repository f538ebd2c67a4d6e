// SPDX-License-Identifier: Apache-2.0
// Puts the marks of one finding where its parties are, shape by shape. marks.cpp says which shapes
// make up a kind of finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "viewer/layout/marks.h"

namespace raddle::viewer {

// Whatever stands on a lane out of sight is left out. Lives as long as its arguments at most.
class Marker {
 public:
  Marker(const Run& run, const Finding& finding, const TimeAxis& axis, const BarOf& bar_of)
      : run_(run), finding_(finding), axis_(axis), bar_of_(bar_of) {}

  const Run& run() const { return run_; }
  const Finding& finding() const { return finding_; }
  const TimeAxis& axis() const { return axis_; }
  std::vector<Mark> take() { return std::move(marks_); }

  float x_of(std::int64_t time_ns) const { return axis_.column_of(static_cast<double>(time_ns)); }
  std::optional<Rect> bar(std::size_t party) const;
  std::optional<Rect> bar_of(TaskId task) const { return bar_of_(task); }
  // Where the party does its part.
  std::optional<Point> place(std::size_t party) const;

  void add(Mark mark) { marks_.push_back(std::move(mark)); }
  // A shape at the party's moment.
  void at_time(std::size_t party, MarkShape shape, std::string text);
  // An arrow or tie between two parties' moments.
  void join(MarkShape shape, std::size_t from, std::size_t to, std::string text);
  // What the party does, behind its moment.
  void label_behind(std::size_t party, const std::string& object = {});
  // From the party's wait, or its moment, off the right edge.
  void underline(std::size_t party);
  // Round the party's wait.
  void frame(std::size_t party);
  // From x0 to x1, `least` wide.
  void add_frame(MarkShape shape, std::size_t party, float x0, float x1, float least,
                 std::string text);

 private:
  const Run& run_;
  const Finding& finding_;
  const TimeAxis& axis_;
  const BarOf& bar_of_;
  std::vector<Mark> marks_;
};

// The rectangle that two points span.
Rect around(Point a, Point b);

}  // namespace raddle::viewer
