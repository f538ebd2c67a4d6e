// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/groups.h"

#include <algorithm>
#include <map>
#include <utility>

#include "viewer/layout/words.h"

namespace raddle::viewer {

bool is_runtime_thread(const Task& task) {
  return task.is_thread && (task.name.starts_with("raddle ") || task.name.starts_with("raddle's "));
}

namespace {

std::string creation_place(const Run& run, const Task& task) {
  const Frame* frame = user_frame(run, task.created_at);
  return frame == nullptr ? std::string() : "from " + short_place_text(*frame);
}

}  // namespace

Groups::Groups(const Run& run) : of_task_(run.tasks.size(), kNoGroup) {
  std::map<std::pair<std::string, StackId>, std::size_t> known;
  for (const Task& task : run.tasks) {
    if (task.id == 0 || task.is_main) continue;
    const bool is_runtime = is_runtime_thread(task);
    const auto key = is_runtime ? std::pair{std::string("raddle's threads"), StackId{0}}
                                : std::pair{task.name, task.created_at};
    const auto [at, is_new] = known.try_emplace(key, list_.size());
    if (is_new) {
      list_.push_back({is_runtime ? key.first : short_function(task.name),
                       is_runtime ? std::string() : creation_place(run, task),
                       {},
                       is_runtime});
    }
    list_[at->second].tasks.push_back(task.id);
    of_task_[task.id] = at->second;
  }
}

std::size_t Groups::group_of(TaskId task) const {
  if (task >= of_task_.size() || of_task_[task] == kNoGroup) return kNoGroup;
  const TaskGroup& group = list_[of_task_[task]];
  return group.is_runtime || group.tasks.size() >= kFewest ? of_task_[task] : kNoGroup;
}

}  // namespace raddle::viewer
