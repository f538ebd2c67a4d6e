// SPDX-License-Identifier: Apache-2.0
// How many tasks of a group are in which state, pixel by pixel.
#pragma once

#include <array>
#include <vector>

#include "viewer/layout/span_index.h"
#include "viewer/layout/time_axis.h"

namespace raddle::viewer {

struct GroupProfile {
  // [pixel from the axis's left edge][state]: the tasks that are in that state in the middle of the
  // pixel's time.
  std::vector<std::array<float, kStateCount>> columns;
};

GroupProfile profile_of(const std::vector<const SpanIndex*>& tasks, const TimeAxis& axis);

}  // namespace raddle::viewer
