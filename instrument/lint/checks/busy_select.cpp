// SPDX-License-Identifier: Apache-2.0
// A select that never waits, in a loop that never waits either.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

// It waits, works, or ends the loop.
bool paces(Kind kind) {
  return is_waiting(kind) || kind == Kind::kSleeps || kind == Kind::kCalls || kind == Kind::kRuns ||
         kind == Kind::kWrites || kind == Kind::kReturns || kind == Kind::kBreaks ||
         kind == Kind::kJumps;
}

// Whether it happens also when nothing was ready: outside the select's callbacks, or in the one of
// `otherwise`.
bool happens_anyway(const Function& function, const Operation& operation, int otherwise) {
  int callback = operation.callback;
  while (callback >= 0 && callback != otherwise) {
    const Operation& outer = function.operations[static_cast<std::size_t>(callback)];
    if (is_case(outer.kind)) return false;
    callback = outer.callback;
  }
  return true;
}

bool is_busy(const Function& function, const Operation& otherwise) {
  const int loop = otherwise.at.loop;
  const int index = static_cast<int>(&otherwise - function.operations.data());
  if (loop < 0 || function.is_counted[static_cast<std::size_t>(loop)]) return false;
  // Who looks at its result may end the loop by it.
  if (!function.operations[static_cast<std::size_t>(otherwise.select)].is_statement) return false;
  return std::ranges::none_of(function.operations, [&](const Operation& other) {
    const auto self = static_cast<int>(&other - function.operations.data());
    return is_inside(function.loops, other.at.loop, loop) && self != otherwise.select &&
           paces(other.kind) && happens_anyway(function, other, index);
  });
}

}  // namespace

void find_busy_select(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    for (const Operation& operation : function.operations) {
      if (operation.kind != Kind::kCaseOtherwise || operation.select < 0) continue;
      if (!is_busy(function, operation)) continue;
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
