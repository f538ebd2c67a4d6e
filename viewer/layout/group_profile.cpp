// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/group_profile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace raddle::viewer {
namespace {

using Columns = std::vector<std::array<float, kStateCount>>;

// What a sample may cost: pixels that its tasks live in, together, for each pixel; and pixels that
// a task costs however short it lives.
constexpr double kMostAtPixel = 40;
constexpr double kPixelsPerTask = 8;

double cost_of(const Run& run, const std::vector<TaskId>& tasks, const TimeAxis& axis) {
  double pixels = 0;
  for (const TaskId id : tasks) {
    const Task& task = run.tasks[id];
    const double begin = axis.x_of(std::max(static_cast<double>(task.begin_ns), axis.begin_ns()));
    const double end = axis.x_of(std::min(static_cast<double>(task.end_ns), axis.end_ns()));
    pixels += end - begin + kPixelsPerTask;
  }
  return pixels;
}

// Adds +1 where a state begins and -1 where it ends: a span costs two steps, however wide it is.
void add(Columns& steps, const SpanIndex& task, const TimeAxis& axis) {
  if (task.size() == 0) return;
  const std::size_t width = steps.size() - 1;
  const auto middle_of = [&](std::size_t x) {
    return axis.time_of(axis.x0() + static_cast<float>(x) + 0.5F);
  };
  // The first pixel whose middle is not before the time.
  const auto pixel_at = [&](std::int64_t time_ns) {
    const double x = std::ceil(static_cast<double>(axis.x_of(static_cast<double>(time_ns))) -
                               static_cast<double>(axis.x0()) - 0.5);
    return static_cast<std::size_t>(std::clamp(x, 0.0, static_cast<double>(width)));
  };
  const std::size_t end = pixel_at(task.end_of(task.size() - 1));
  std::size_t x = pixel_at(task.begin_of(0));
  std::size_t span = x < end ? task.find(middle_of(x)) : 0;
  std::size_t ahead = 0;  // of the last search, and about that of the next
  while (x < end) {
    const std::size_t from = span;
    span = task.find(middle_of(x), from, ahead);
    ahead = span - from;
    const auto state = static_cast<std::size_t>(task.state(span));
    const std::size_t next = std::clamp(pixel_at(task.end_of(span)), x + 1, end);
    steps[x][state] += 1;
    steps[next][state] -= 1;
    x = next;
  }
}

}  // namespace

GroupSample sample_of(const Run& run, const Lifetimes& lifetimes, const TimeAxis& axis) {
  std::vector<double> times;
  for (float x = axis.x0() + 0.5F; x < axis.x1(); ++x) times.push_back(axis.time_of(x));
  const double most = kMostAtPixel * static_cast<double>(times.size());
  GroupSample sample;
  for (;; sample.stride *= 2) {
    const auto most_tasks = static_cast<std::size_t>(most / kPixelsPerTask);
    sample.tasks = lifetimes.alive_at(times, sample.stride, most_tasks);
    if (cost_of(run, sample.tasks, axis) <= most) return sample;
  }
}

GroupProfile profile_of(const std::vector<const SpanIndex*>& tasks, const TimeAxis& axis) {
  Columns columns(static_cast<std::size_t>(std::ceil(axis.x1() - axis.x0())) + 1);
  for (const SpanIndex* task : tasks) add(columns, *task, axis);
  for (std::size_t x = 1; x < columns.size(); ++x) {
    for (std::size_t s = 0; s < kStateCount; ++s) columns[x][s] += columns[x - 1][s];
  }
  columns.pop_back();
  return {std::move(columns)};
}

}  // namespace raddle::viewer
