// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/object_waits.h"

namespace raddle::viewer {

ObjectWaits::ObjectWaits(const Run& run) : run_(run) {
  std::size_t spans = 0;
  for (const Task& task : run.tasks) spans += task.spans.size();
  is_small_ = spans <= kMostSpans;
}

const std::vector<WaitStep>& ObjectWaits::of(ObjectId object) {
  const auto [known, is_new] = known_.try_emplace(object);
  if (!is_new || !is_small_ || object == 0) return known->second;
  std::map<std::int64_t, std::int32_t> changes;
  for (const Task& task : run_.tasks) {
    for (std::size_t i = 0; i < task.spans.size(); ++i) {
      if (task.spans[i].object != object) continue;
      const std::int64_t begin = task.spans[i].begin_ns;
      const std::int64_t end = end_of_span(task, i);
      if (end <= begin) continue;
      ++changes[begin];
      --changes[end];
    }
  }
  std::int64_t waiters = 0;
  for (const auto& [time_ns, change] : changes) {
    if (change == 0) continue;
    waiters += change;
    known->second.push_back({time_ns, static_cast<std::uint32_t>(waiters)});
  }
  return known->second;
}

}  // namespace raddle::viewer
