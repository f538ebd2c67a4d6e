// SPDX-License-Identifier: Apache-2.0
// How many tasks of a group are in which state, pixel by pixel.
#pragma once

#include <array>
#include <vector>

#include "viewer/layout/lifetimes.h"
#include "viewer/layout/span_index.h"
#include "viewer/layout/time_axis.h"

namespace raddle::viewer {

struct GroupProfile {
  // [pixel from the axis's left edge][state]: the tasks that are in that state in the middle of the
  // pixel's time.
  std::vector<std::array<float, kStateCount>> columns;
};

// Those of a group that its profile is made of.
struct GroupSample {
  std::vector<TaskId> tasks;
  std::size_t stride = 1;  // each stands for so many
};

// Few enough for a frame. Tasks that live at no pixel's middle are not among them.
GroupSample sample_of(const Run& run, const Lifetimes& lifetimes, const TimeAxis& axis);

GroupProfile profile_of(const std::vector<const SpanIndex*>& tasks, const TimeAxis& axis);

}  // namespace raddle::viewer
