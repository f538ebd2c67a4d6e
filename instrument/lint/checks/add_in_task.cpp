// SPDX-License-Identifier: Apache-2.0
// WaitGroup::add() inside the task that it counts: wait() may return before the task has begun.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

bool finishes(const Code& code, const Function& task, int group) {
  return std::ranges::any_of(task.operations, [&](const Operation& operation) {
    return operation.kind == Kind::kDone && is_same(code, operation.object, group);
  });
}

// It starts another task that is done with the group: that one may be what it adds.
bool adds_another(const Code& code, const Function& task, int group) {
  return std::ranges::any_of(task.operations, [&](const Operation& operation) {
    return operation.kind == Kind::kStarts && operation.task >= 0 &&
           finishes(code, code.functions[static_cast<std::size_t>(operation.task)], group);
  });
}

// Whoever starts the task has added before, so that it is counted already.
bool is_counted(const Code& code, int task, int group) {
  return std::ranges::any_of(code.functions, [&](const Function& other) {
    bool has_added = false;
    for (const Operation& operation : other.operations) {
      has_added =
          has_added || (operation.kind == Kind::kAdds && is_same(code, operation.object, group));
      if (operation.kind == Kind::kStarts && operation.task == task) return has_added;
    }
    return false;
  });
}

void look_at(const Code& code, const Function& task, int index, Warnings& warnings) {
  for (const Operation& operation : task.operations) {
    // What it adds from here on may count those that it starts, which is right while it is counted
    // itself.
    if (operation.kind == Kind::kStarts) return;
    if (operation.kind != Kind::kAdds || operation.object < 0) continue;
    const Object& group = code.objects[static_cast<std::size_t>(operation.object)];
    if (group.function == index || !finishes(code, task, operation.object)) continue;
    if (is_counted(code, index, operation.object)) continue;
    // A group that lives elsewhere may have been added to there.
    if (group.function < 0 && adds_another(code, task, operation.object)) continue;
    warnings.push_back({.place = operation.range.begin,
                        .text = "the task adds itself to '" + group.name +
                                "': wait() may return before the task has begun; add before "
                                "starting it, or start it with '" +
                                group.name + ".go()'",
                        .notes = {{task.place, "the task begins here"}}});
  }
}

}  // namespace

void find_add_in_task(const Code& code, Warnings& warnings) {
  for (std::size_t index = 0; index < code.functions.size(); ++index) {
    const Function& task = code.functions[index];
    if (task.is_task) look_at(code, task, static_cast<int>(index), warnings);
  }
}

}  // namespace raddle::lint
