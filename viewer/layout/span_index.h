// SPDX-License-Identifier: Apache-2.0
// A task's spans, ready for drawing at any zoom: what fills each pixel column, in logarithmic time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analyzer/model/run.h"
#include "viewer/layout/time_axis.h"

namespace raddle::viewer {

inline constexpr std::size_t kStateCount = 8;
using StateTimes = std::array<std::int64_t, kStateCount>;  // nanoseconds by State

// A piece of a lane in whole pixels. One span, or several that are too narrow to be told apart.
struct PixelSpan {
  float x0 = 0;
  float x1 = 0;
  State state{};
  std::size_t first = 0;  // into Task::spans
  std::size_t count = 1;  // > 1: merged; `state` is the one with the most time
};

// Refers to the task's spans, which must outlive it and stay as they are. Costs one byte a span.
class SpanIndex {
 public:
  explicit SpanIndex(const Task& task);

  // The span that holds at `time_ns`; the first one before all, the last one behind all.
  std::size_t find(double time_ns) const;
  // The same, faster if it is `from` or soon behind it; the time is not before that span's.
  std::size_t find(double time_ns, std::size_t from) const;
  // The same, faster still if it is about so many behind `from`.
  std::size_t find(double time_ns, std::size_t from, std::size_t about) const;
  std::size_t size() const { return spans_->size(); }
  State state(std::size_t span) const { return (*spans_)[span].state; }
  std::int64_t begin_of(std::size_t span) const { return (*spans_)[span].begin_ns; }
  std::int64_t end_of(std::size_t span) const;
  // Time in each state within [begin_ns, end_ns).
  StateTimes times(std::int64_t begin_ns, std::int64_t end_ns) const;
  // What to draw between the axis's edges, from left to right, at most one piece a pixel.
  std::vector<PixelSpan> pixels(const TimeAxis& axis) const;

 private:
  static constexpr std::size_t kBlock = 64;
  bool is_behind(std::size_t span, double time_ns) const {
    return time_ns < static_cast<double>((*spans_)[span].begin_ns);
  }
  std::size_t find_between(double time_ns, std::size_t low, std::size_t high) const;
  // `last`: the span that holds there.
  StateTimes times_before(std::int64_t time_ns, std::size_t last) const;
  // The same as times(), of a time that begins in span `first` and ends in `last`.
  StateTimes times_of(std::size_t first, std::size_t last, std::int64_t begin_ns,
                      std::int64_t end_ns) const;
  PixelSpan column(const TimeAxis& axis, float x, std::size_t first) const;

  const TimedList<Span>* spans_;
  std::int64_t end_ns_;
  std::vector<StateTimes> sums_;  // [b]: time in each state before span b * kBlock
};

}  // namespace raddle::viewer
