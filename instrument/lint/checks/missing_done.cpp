// SPDX-License-Identifier: Apache-2.0
// A way out of a task that passes done() by: wait() never returns.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

void look_at(const Code& code, const Function& task, int group, Warnings& warnings) {
  const auto is_done = [&](const Operation& operation) {
    return operation.kind == Kind::kDone && is_same(code, operation.object, group);
  };
  const auto never = [](const Operation&) { return false; };
  const std::vector<int> with_done = exits_between(task, is_done, never);
  // Where even the last way out is not sure to be done, somebody else may do it.
  if (with_done.empty() || with_done.back() != exits(task).back()) return;
  const std::string& name = code.objects[static_cast<std::size_t>(group)].name;
  for (const int way : exits_before(task, is_done)) {
    const Operation& exit = task.operations[static_cast<std::size_t>(way)];
    if (exit.kind == Kind::kThrows) continue;  // that ends the program anyway
    warnings.push_back({.place = exit.range.begin,
                        .text = "the task ends here without '" + name +
                                ".done()': wait() never returns; start it with '" + name +
                                ".go()', which cannot forget it",
                        .notes = {{task.place, "the task begins here"}}});
  }
}

}  // namespace

void find_missing_done(const Code& code, Warnings& warnings) {
  for (const Function& task : code.functions) {
    if (!task.is_task) continue;
    std::vector<int> groups;
    for (const Operation& operation : task.operations) {
      if (operation.kind == Kind::kDone && operation.object >= 0 &&
          std::ranges::find(groups, operation.object) == groups.end()) {
        groups.push_back(operation.object);
      }
    }
    for (const int group : groups) look_at(code, task, group, warnings);
  }
}

}  // namespace raddle::lint
