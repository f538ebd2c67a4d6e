// SPDX-License-Identifier: Apache-2.0
// Tasks that are alike: they run the same function and were created at the same place.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analyzer/model/run.h"

namespace raddle::viewer {

inline constexpr std::size_t kNoGroup = static_cast<std::size_t>(-1);

// Whether it only carries tasks: named so by the task runtime, or by the analyzer that saw it.
bool is_runtime_thread(const Task& task);

struct TaskGroup {
  std::string name;           // "fetch"; "raddle's threads"
  std::string place;          // "from main.cpp:20"; may be empty
  std::vector<TaskId> tasks;  // by id
  bool is_runtime = false;    // threads that only carry tasks
};

class Groups {
 public:
  // Fewer tasks are shown one by one, unless they are the runtime's.
  static constexpr std::size_t kFewest = 4;

  // Looks at every task once. main is in no group.
  explicit Groups(const Run& run);

  // An index into list(), or kNoGroup.
  std::size_t group_of(TaskId task) const;
  const std::vector<TaskGroup>& list() const { return list_; }

 private:
  std::vector<TaskGroup> list_;
  std::vector<std::size_t> of_task_;
};

}  // namespace raddle::viewer
