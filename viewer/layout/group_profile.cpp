// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/group_profile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace raddle::viewer {

GroupProfile profile_of(const std::vector<const SpanIndex*>& tasks, const TimeAxis& axis) {
  const auto width = static_cast<std::size_t>(std::ceil(axis.x1() - axis.x0()));
  // Steps first, sums later: a span costs two of them, however wide it is.
  std::vector<std::array<float, kStateCount>> columns(width + 1);
  for (const SpanIndex* task : tasks) {
    for (const PixelSpan& piece : task->pixels(axis)) {
      const auto state = static_cast<std::size_t>(piece.state);
      const auto x0 = static_cast<std::size_t>(std::max(piece.x0 - axis.x0(), 0.0F));
      const auto x1 = static_cast<std::size_t>(std::max(piece.x1 - axis.x0(), 0.0F));
      columns[std::min(x0, width)][state] += 1;
      columns[std::min(x1, width)][state] -= 1;
    }
  }
  for (std::size_t x = 1; x < columns.size(); ++x) {
    for (std::size_t s = 0; s < kStateCount; ++s) columns[x][s] += columns[x - 1][s];
  }
  columns.pop_back();
  return {std::move(columns)};
}

}  // namespace raddle::viewer
