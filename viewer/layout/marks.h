// SPDX-License-Identifier: Apache-2.0
// How a finding looks on the timeline. Shape and number carry the meaning, colour only helps.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/model/finding.h"
#include "viewer/layout/geometry.h"
#include "viewer/layout/mark_shape.h"
#include "viewer/layout/partner.h"
#include "viewer/layout/time_axis.h"

namespace raddle::viewer {

struct Mark {
  MarkShape shape{};
  TaskId task = 0;        // whose lane it is on; 0: between lanes
  std::size_t party = 0;  // index into Finding::parties
  Rect rect;              // what it covers
  Point from, to;         // of arrows and ties; a label stands at `from`, about `to`
  std::string text;
};

// The place of a task's bar (where its spans are drawn), if it is in sight.
using BarOf = std::function<std::optional<Rect>(TaskId)>;

// The marks of one finding, in drawing order. Marks may reach beyond the axis's edges; whoever
// draws them clips. `partner` is partner_of(), or nobody for a finding that is not selected.
std::vector<Mark> marks_of(const Run& run, const Finding& finding, const TimeAxis& axis,
                           const BarOf& bar_of, const Partner& partner = {});

}  // namespace raddle::viewer
