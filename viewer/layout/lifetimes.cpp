// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/lifetimes.h"

#include <algorithm>

namespace raddle::viewer {
namespace {

constexpr std::size_t kFanBits = 4;
constexpr std::size_t kFan = std::size_t{1} << kFanBits;

std::size_t most_at_once(const std::vector<std::int64_t>& begins, std::vector<std::int64_t> ends) {
  std::sort(ends.begin(), ends.end());
  std::size_t ended = 0;
  std::size_t most = 0;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    while (ended < i && ends[ended] <= begins[i]) ++ended;
    most = std::max(most, i + 1 - ended);
  }
  return most;
}

}  // namespace

struct Lifetimes::Query {
  std::size_t low, high;  // places in the order
  double time;            // behind all of their beginnings
  std::size_t stride;
  std::size_t most;
  std::vector<TaskId>& found;
};

Lifetimes::Lifetimes(const Run& run, const std::vector<TaskId>& tasks) : tasks_(tasks) {
  const auto is_earlier = [&](TaskId a, TaskId b) {
    return run.tasks[a].begin_ns < run.tasks[b].begin_ns;
  };
  if (!std::is_sorted(tasks_.begin(), tasks_.end(), is_earlier)) {
    std::stable_sort(tasks_.begin(), tasks_.end(), is_earlier);
  }
  std::vector<std::int64_t> ends;
  for (const TaskId task : tasks_) {
    begins_.push_back(run.tasks[task].begin_ns);
    ends.push_back(run.tasks[task].end_ns);
  }
  most_alive_ = most_at_once(begins_, ends);
  ends_.push_back(std::move(ends));
  while (ends_.back().size() > 1) {
    const std::vector<std::int64_t>& below = ends_.back();
    std::vector<std::int64_t> latest((below.size() + kFan - 1) / kFan);
    for (std::size_t i = 0; i < below.size(); ++i) {
      latest[i / kFan] = i % kFan == 0 ? below[i] : std::max(latest[i / kFan], below[i]);
    }
    ends_.push_back(std::move(latest));
  }
}

std::vector<TaskId> Lifetimes::alive_at(std::span<const double> times, std::size_t stride,
                                        std::size_t most) const {
  std::vector<TaskId> found;
  std::size_t low = 0;
  for (std::size_t i = 0; i < times.size() && found.size() <= most; ++i) {
    // Who began before the last time and lives has been found there.
    const auto begin = begins_.begin() + static_cast<std::ptrdiff_t>(low);
    const auto high =
        static_cast<std::size_t>(std::upper_bound(begin, begins_.end(), times[i],
                                                  [](double time, std::int64_t of) {
                                                    return time < static_cast<double>(of);
                                                  }) -
                                 begins_.begin());
    const Query query = {low, high, times[i], stride, most, found};
    if (low < high) collect(ends_.size() - 1, 0, query);
    low = high;
  }
  return found;
}

void Lifetimes::collect(std::size_t height, std::size_t node, const Query& query) const {
  const std::size_t size = std::size_t{1} << (height * kFanBits);
  const std::size_t first = node * size;
  if (first >= query.high || first + size <= query.low || query.found.size() > query.most) return;
  if (static_cast<double>(ends_[height][node]) <= query.time) return;
  if (size <= query.stride && first % query.stride != 0) return;  // none of it is wanted
  if (height == 0) return query.found.push_back(tasks_[node]);
  const std::size_t end = std::min((node + 1) * kFan, ends_[height - 1].size());
  for (std::size_t child = node * kFan; child < end; ++child) collect(height - 1, child, query);
}

}  // namespace raddle::viewer
