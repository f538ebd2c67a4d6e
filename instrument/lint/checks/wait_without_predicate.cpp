// SPDX-License-Identifier: Apache-2.0
// A condition's wait that does not look again: it may wake without a notify, or miss one that came
// before.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

// A function that does not lock by itself waits for its caller, and leaves the loop to it.
bool locks(const Function& function) {
  return std::ranges::any_of(function.operations, [](const Operation& operation) {
    return operation.kind == Kind::kLocks || (operation.kind == Kind::kGuards && !operation.adopts);
  });
}

}  // namespace

void find_wait_without_predicate(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    if (!locks(function)) continue;
    for (const Operation& operation : function.operations) {
      if (operation.kind != Kind::kWaitsCondition || operation.has_predicate) continue;
      if (may_recur(function, operation)) continue;
      warnings.push_back({.place = operation.range.begin,
                          .text = "wait() on " + quoted(code, operation.object) +
                                  " may return without a notify, and misses one that came "
                                  "earlier; wait in a loop that tests what is waited for, or give "
                                  "it a predicate"});
    }
  }
}

}  // namespace raddle::lint
