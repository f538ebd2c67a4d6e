// SPDX-License-Identifier: Apache-2.0
// Sleeping in the hope that a task has ended by then.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {

void find_sleep_as_wait(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    const Operation* start = nullptr;
    for (std::size_t i = 0; i < function.operations.size(); ++i) {
      const Operation& operation = function.operations[i];
      if (operation.kind == Kind::kStarts && operation.life == Life::kFree) start = &operation;
      if (operation.kind == Kind::kDetaches) start = &operation;
      if (is_waiting(operation.kind)) start = nullptr;
      if (operation.kind != Kind::kSleeps || start == nullptr) continue;
      // In a loop of its own it polls or paces; with a wait behind it, it only delays.
      const bool polls = operation.at.loop >= 0;
      const bool waits_later = std::any_of(
          function.operations.begin() + static_cast<std::ptrdiff_t>(i), function.operations.end(),
          [](const Operation& later) { return is_waiting(later.kind); });
      if (polls || waits_later) continue;
      warnings.push_back({.place = operation.range.begin,
                          .text = "sleeping does not wait for the task: on a slow day it is not "
                                  "done yet; use a WaitGroup, a channel, or join it",
                          .notes = {{start->range.begin, "the task starts here"}}});
      start = nullptr;
    }
  }
}

}  // namespace raddle::lint
