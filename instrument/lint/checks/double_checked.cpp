// SPDX-License-Identifier: Apache-2.0
// Double-checked locking whose first look is at a plain variable: a data race.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

// The outermost branch around `branch` whose condition reads the object; -1: none.
int outermost_test(const Function& function, int branch, int object, int& innermost) {
  int outermost = -1;
  innermost = -1;
  for (; branch >= 0; branch = function.branches[static_cast<std::size_t>(branch)].parent) {
    const Condition& condition = function.branches[static_cast<std::size_t>(branch)];
    if (std::ranges::find(condition.objects, object) == condition.objects.end()) continue;
    if (innermost < 0) innermost = branch;
    outermost = branch;
  }
  return outermost;
}

bool is_within(const Function& function, int inner, int outer) {
  while (inner >= 0 && inner != outer) {
    inner = function.branches[static_cast<std::size_t>(inner)].parent;
  }
  return inner == outer;
}

}  // namespace

void find_double_checked(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    for (const Operation& write : function.operations) {
      if (write.kind != Kind::kWrites || write.object < 0) continue;
      const Object& object = code.objects[static_cast<std::size_t>(write.object)];
      if (object.type == Type::kAtomic || object.function >= 0) continue;
      int inner = -1;
      const int outer = outermost_test(function, write.at.branch, write.object, inner);
      if (outer < 0 || inner == outer) continue;
      for (const Operation& lock : function.operations) {
        if (lock.kind != Kind::kGuards && lock.kind != Kind::kLocks) continue;
        const bool is_between = is_within(function, lock.at.branch, outer) &&
                                !is_within(function, lock.at.branch, inner);
        if (!is_between) continue;
        warnings.push_back({.place = write.range.begin,
                            .text = "'" + object.name +
                                    "' is tested before the lock is taken, which races with this "
                                    "write; make it std::atomic, or use Once or a static local",
                            .notes = {{lock.range.begin, "the lock is taken here"}}});
        break;
      }
    }
  }
}

}  // namespace raddle::lint
