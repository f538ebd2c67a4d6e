// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/time_axis.h"

#include <algorithm>
#include <cmath>

#include "viewer/layout/words.h"

namespace raddle::viewer {

TimeAxis::TimeAxis(std::int64_t duration_ns)
    : duration_ns_(std::max<double>(static_cast<double>(duration_ns), kMinWindowNs)) {
  frame_all();
}

void TimeAxis::place(float x0, float x1) {
  x0_ = x0;
  x1_ = std::max(x1, x0 + 1);
}

float TimeAxis::x_of(double time_ns) const {
  const double x = x0_ + (time_ns - begin_ns_) / ns_per_pixel();
  return static_cast<float>(std::clamp(x, -1e6, 1e6));
}

float TimeAxis::column_of(double time_ns) const { return std::floor(x_of(time_ns) + 0.5F); }

double TimeAxis::time_of(float x) const {
  return begin_ns_ + (static_cast<double>(x) - x0_) * ns_per_pixel();
}

void TimeAxis::zoom_at(float x, double factor) {
  const double time_ns = time_of(x);
  const double widest = duration_ns_ * (1 + 2 * kMarginShare);
  const double width = std::clamp(window_ns() * factor, kMinWindowNs, widest);
  const double share = (static_cast<double>(x) - x0_) / (x1_ - x0_);
  begin_ns_ = time_ns - share * width;
  end_ns_ = begin_ns_ + width;
  clamp();
}

void TimeAxis::pan(float pixels) {
  const double shift = pixels * ns_per_pixel();
  begin_ns_ += shift;
  end_ns_ += shift;
  clamp();
}

void TimeAxis::frame(double begin_ns, double end_ns) {
  const double middle = (begin_ns + end_ns) / 2;
  const double half = std::max(end_ns - begin_ns, kMinWindowNs) / 2;
  begin_ns_ = middle - half;
  end_ns_ = middle + half;
  clamp();
}

void TimeAxis::frame_all() {
  begin_ns_ = -duration_ns_ * kMarginShare;
  end_ns_ = duration_ns_ * (1 + kMarginShare);
}

void TimeAxis::clamp() {
  const double lowest = -duration_ns_ * kMarginShare;
  const double highest = duration_ns_ * (1 + kMarginShare);
  const double width = std::min(window_ns(), highest - lowest);
  begin_ns_ = std::clamp(begin_ns_, lowest, highest - width);
  end_ns_ = begin_ns_ + width;
}

namespace {

double round_step(double at_least) {
  const double power = std::pow(10.0, std::floor(std::log10(at_least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= at_least) return factor * power;
  }
  return 10 * power;
}

}  // namespace

Ruler ruler_of(const TimeAxis& axis, float min_distance) {
  const double step = std::max(1.0, round_step(axis.ns_per_pixel() * min_distance));
  // Far from the start of the run, absolute times would differ only in their last digits.
  const bool is_relative = axis.begin_ns() > 200 * step;
  const double base = is_relative ? std::floor(axis.begin_ns() / (step * 10)) * step * 10 : 0;
  Ruler ruler;
  if (is_relative) ruler.base = format_time(base, step * 10);
  for (double t = std::ceil(std::max(0.0, axis.begin_ns()) / step) * step; t < axis.end_ns();
       t += step) {
    const std::string label = format_time(t - base, step);
    ruler.ticks.push_back({axis.column_of(t), is_relative ? "+" + label : label});
  }
  return ruler;
}

}  // namespace raddle::viewer
