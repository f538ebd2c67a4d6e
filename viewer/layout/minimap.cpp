// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/minimap.h"

#include <algorithm>
#include <cmath>

namespace raddle::viewer {
namespace {

// Collects spans: shares of columns at their ends, and +1/-1 steps for whole columns between.
class Columns {
 public:
  explicit Columns(std::size_t count) : shares_(count + 1), steps_(count + 1) {}

  // [begin, end) in columns.
  void add(double begin, double end, std::size_t state) {
    const auto limit = static_cast<double>(shares_.size() - 1);
    begin = std::clamp(begin, 0.0, limit);
    end = std::clamp(end, 0.0, limit);
    if (end <= begin) return;
    const auto first = static_cast<std::size_t>(begin);
    const auto last = static_cast<std::size_t>(end);
    if (first == last) {
      shares_[first][state] += static_cast<float>(end - begin);
      return;
    }
    shares_[first][state] += static_cast<float>(static_cast<double>(first) + 1 - begin);
    shares_[last][state] += static_cast<float>(end - static_cast<double>(last));
    steps_[first + 1][state] += 1;
    steps_[last][state] -= 1;
  }

  Minimap take() {
    Minimap map;
    std::array<float, kStateCount> level{};
    for (std::size_t i = 0; i + 1 < shares_.size(); ++i) {
      float sum = 0;
      for (std::size_t s = 0; s < kStateCount; ++s) {
        level[s] += steps_[i][s];
        shares_[i][s] += level[s];
        sum += shares_[i][s];
      }
      map.most = std::max(map.most, sum);
    }
    shares_.pop_back();
    map.columns = std::move(shares_);
    return map;
  }

 private:
  std::vector<std::array<float, kStateCount>> shares_;
  std::vector<std::array<float, kStateCount>> steps_;
};

}  // namespace

Minimap minimap_of(const Run& run, std::size_t column_count, const std::atomic<bool>* is_stopped) {
  Columns columns(column_count);
  const double scale = static_cast<double>(column_count) /
                       static_cast<double>(std::max<std::int64_t>(run.duration_ns, 1));
  for (const Task& task : run.tasks) {
    // Relaxed: a hint to give up, which hands nothing over.
    if (is_stopped != nullptr && is_stopped->load(std::memory_order_relaxed)) break;
    for (std::size_t i = 0; i < task.spans.size(); ++i) {
      const std::int64_t end = end_of_span(task, i);
      columns.add(static_cast<double>(task.spans[i].begin_ns) * scale,
                  static_cast<double>(end) * scale, static_cast<std::size_t>(task.spans[i].state));
    }
  }
  return columns.take();
}

}  // namespace raddle::viewer
