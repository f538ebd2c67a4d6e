// SPDX-License-Identifier: Apache-2.0
// The window of time that is on the screen: time to pixels and back, zoom, pan, and the ruler.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace raddle::viewer {

// Maps [begin_ns, end_ns) to [x0, x1). The window stays within the run, with a small margin.
class TimeAxis {
 public:
  static constexpr double kMinWindowNs = 100;
  static constexpr double kMarginShare = 0.02;  // of the run's duration, on either side

  TimeAxis() = default;
  // The whole run.
  explicit TimeAxis(std::int64_t duration_ns);

  // The pixels it is drawn on; the window of time stays.
  void place(float x0, float x1);
  float x0() const { return x0_; }
  float x1() const { return x1_; }
  double begin_ns() const { return begin_ns_; }
  double end_ns() const { return end_ns_; }
  double window_ns() const { return end_ns_ - begin_ns_; }
  double ns_per_pixel() const { return window_ns() / (x1_ - x0_); }

  // Not clamped: a time outside the window is outside the pixels, at most 1e6 pixels away.
  float x_of(double time_ns) const;
  // x_of, moved to the nearest pixel's left edge.
  float column_of(double time_ns) const;
  double time_of(float x) const;

  // factor < 1 zooms in. The time under `x` stays under it unless the run's edge forbids it.
  void zoom_at(float x, double factor);
  // Moves the window by `pixels` to the right (later).
  void pan(float pixels);
  // Shows [begin_ns, end_ns], widened to the smallest window if need be.
  void frame(double begin_ns, double end_ns);
  void frame_all();

 private:
  void clamp();

  double duration_ns_ = 1;
  double begin_ns_ = 0;
  double end_ns_ = 1;
  float x0_ = 0;
  float x1_ = 1;
};

struct Tick {
  float x = 0;
  std::string label;
};

struct Ruler {
  std::string base;  // "4.600 s": ticks count from it; empty if they are absolute
  std::vector<Tick> ticks;
};

// Ticks at round times (1, 2 or 5 times a power of ten), at least `min_distance` pixels apart.
Ruler ruler_of(const TimeAxis& axis, float min_distance);

}  // namespace raddle::viewer
