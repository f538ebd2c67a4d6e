// SPDX-License-Identifier: Apache-2.0
// A task that refers to a variable of a function that does not wait for it, or of a loop that goes
// on.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

// A flag that the function may look at until the task has set it.
bool shares_flag(const Code& code, const Function& task) {
  return std::ranges::any_of(task.captures, [&](const Capture& capture) {
    return capture.by_reference &&
           code.objects[static_cast<std::size_t>(capture.object)].type == Type::kAtomic;
  });
}

// Something that can tell the function that the task has ended, behind the start and, if the
// variable is a loop's, in it.
bool is_awaited(const Function& function, std::size_t start, int loop) {
  const auto waits = [&](const Operation& operation) {
    return is_waiting(operation.kind) && is_inside(function.loops, operation.at.loop, loop);
  };
  return std::any_of(function.operations.begin() + static_cast<std::ptrdiff_t>(start) + 1,
                     function.operations.end(), waits);
}

// A thread that nobody detaches in sight is joined by whoever holds it; a group waits when it dies.
bool lives_free(const Function& function, std::size_t start) {
  const Operation& operation = function.operations[start];
  if (operation.life == Life::kFree) return true;
  return operation.life == Life::kJoined &&
         std::any_of(function.operations.begin() + static_cast<std::ptrdiff_t>(start) + 1,
                     function.operations.end(),
                     [](const Operation& other) { return other.kind == Kind::kDetaches; });
}

void look_at(const Code& code, const Function& function, int index, std::size_t start,
             Warnings& warnings) {
  const Operation& operation = function.operations[start];
  const Function& task = code.functions[static_cast<std::size_t>(operation.task)];
  if (shares_flag(code, task)) return;
  for (const Capture& capture : task.captures) {
    const Object& object = code.objects[static_cast<std::size_t>(capture.object)];
    const bool is_own = object.function == index && !object.is_reference;
    if (!capture.by_reference || !is_own) continue;
    const int loop = object.declared.loop;
    if (is_awaited(function, start, loop)) continue;
    const bool is_loops = loop >= 0;
    Warning warning;
    warning.place = capture.place;
    warning.text = "the task refers to '" + object.name + "', which " +
                   (is_loops ? "the loop changes or destroys while the task runs"
                             : "is gone when this function returns, and nothing here waits for "
                               "the task") +
                   "; capture it by value, or wait";
    warning.notes = {{object.place, "'" + object.name + "' lives here"},
                     {operation.range.begin, "the task starts here"}};
    if (capture.ampersand.last != 0 && object.type == Type::kOther) {
      warning.fixes = {{capture.ampersand, ""}};
    }
    warnings.push_back(std::move(warning));
  }
}

}  // namespace

void find_outlived_capture(const Code& code, Warnings& warnings) {
  for (std::size_t index = 0; index < code.functions.size(); ++index) {
    const Function& function = code.functions[index];
    // main's variables live until the process ends.
    if (function.name == "main") continue;
    for (std::size_t i = 0; i < function.operations.size(); ++i) {
      const Operation& operation = function.operations[i];
      if (operation.kind != Kind::kStarts || operation.task < 0) continue;
      if (lives_free(function, i)) look_at(code, function, static_cast<int>(index), i, warnings);
    }
  }
}

}  // namespace raddle::lint
