// SPDX-License-Identifier: Apache-2.0
// Which of very many tasks are alive when, found without looking at each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/model/run.h"

namespace raddle::viewer {

// Tasks in the order of their beginnings, with the latest end of each stretch of them: a tree of
// maxima, as in de Berg et al., Computational Geometry, 10.2. Costs 21 bytes a task.
class Lifetimes {
 public:
  Lifetimes() = default;
  // O(n log n), O(n) if they begin in the order given.
  Lifetimes(const Run& run, const std::vector<TaskId>& tasks);

  // How many are alive at the same time, at most.
  std::size_t most_alive() const { return most_alive_; }
  // Each that is alive at one of the times, which ascend; of every `stride` (a power of two) in the
  // order of beginning only one may be among them. A task is alive at its beginning, and no more at
  // its end. Stops when there are more than `most`.
  std::vector<TaskId> alive_at(std::span<const double> times, std::size_t stride,
                               std::size_t most) const;

 private:
  struct Query;
  void collect(std::size_t height, std::size_t node, const Query& query) const;

  std::vector<TaskId> tasks_;
  std::vector<std::int64_t> begins_;             // of each
  std::vector<std::vector<std::int64_t>> ends_;  // [height][i]: the latest of kFan^height tasks
  std::size_t most_alive_ = 0;
};

}  // namespace raddle::viewer
