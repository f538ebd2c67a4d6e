// SPDX-License-Identifier: Apache-2.0
// A select that never waits, in a loop that never waits either.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

bool paces(Kind kind) { return is_waiting(kind) || kind == Kind::kSleeps || kind == Kind::kCalls; }

}  // namespace

void find_busy_select(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    for (const Operation& operation : function.operations) {
      if (operation.kind != Kind::kCaseOtherwise || operation.select < 0) continue;
      const int loop = operation.at.loop;
      if (loop < 0) continue;
      // What the loop does besides; a case's callback runs only when something came.
      const auto waits = [&](const Operation& other) {
        const auto index = static_cast<int>(&other - function.operations.data());
        return is_inside(function.loops, other.at.loop, loop) && index != operation.select &&
               (paces(other.kind) || other.kind == Kind::kReturns);
      };
      if (std::ranges::any_of(function.operations, waits)) continue;
      const Operation& select = function.operations[static_cast<std::size_t>(operation.select)];
      warnings.push_back(
          {.place = select.range.begin,
           .text = "this loop asks again and again and takes a whole core while "
                   "nothing is ready; leave out otherwise(), or wait in it",
           .notes = {{operation.range.begin, "it never waits because of this case"}}});
    }
  }
}

}  // namespace raddle::lint
