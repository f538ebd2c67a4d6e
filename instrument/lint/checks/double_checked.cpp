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

bool is_lock(const Operation& operation) {
  return operation.kind == Kind::kGuards || operation.kind == Kind::kLocks;
}

bool reads(const Condition& condition, int object) {
  return std::ranges::find(condition.objects, object) != condition.objects.end();
}

// Whether the lock that is taken by `lock` is still held before operation `place` in `scope`.
bool is_held(const Function& function, std::size_t lock, std::size_t place, int scope) {
  const Operation& taken = function.operations[lock];
  if (lock >= place || !is_inside(function.scopes, scope, taken.at.scope)) return false;
  return std::none_of(function.operations.data() + lock, function.operations.data() + place,
                      [&](const Operation& operation) {
                        return operation.kind == Kind::kUnlocks &&
                               operation.object == taken.object &&
                               is_inside(function.scopes, scope, operation.at.scope);
                      });
}

// `if (object) return;` before the lock, on the way to it, and under no other lock. Behind an
// unlock it may stand under the lock of somebody else.
bool leaves_before(const Function& function, const Condition& condition, std::size_t lock) {
  const Operation& taken = function.operations[lock];
  if (!condition.leaves || condition.before > lock) return false;
  if (!is_inside(function.scopes, taken.at.scope, condition.scope)) return false;
  for (std::size_t i = 0; i < lock; ++i) {
    if (function.operations[i].kind == Kind::kUnlocks) return false;
    if (is_lock(function.operations[i]) && is_held(function, i, condition.before, condition.scope))
      return false;
  }
  return true;
}

// The lock that is taken between a test that leaves the function and a second test; null: none.
const Operation* lock_behind_exit(const Function& function, std::size_t write) {
  const Operation& written = function.operations[write];
  for (std::size_t lock = 0; lock < write; ++lock) {
    if (!is_lock(function.operations[lock])) continue;
    if (!is_held(function, lock, write, written.at.scope)) continue;
    bool is_first = false;
    bool is_second = false;
    for (std::size_t i = 0; i < function.branches.size(); ++i) {
      const Condition& condition = function.branches[i];
      if (!reads(condition, written.object)) continue;
      const bool decides =
          condition.leaves || is_within(function, written.at.branch, static_cast<int>(i));
      is_first = is_first || leaves_before(function, condition, lock);
      is_second = is_second || (condition.before > lock && condition.before <= write && decides);
    }
    if (is_first && is_second) return &function.operations[lock];
  }
  return nullptr;
}

// The lock that is taken in the branch of the first test, outside that of the second; null: none.
const Operation* lock_in_branch(const Function& function, const Operation& write) {
  int inner = -1;
  const int outer = outermost_test(function, write.at.branch, write.object, inner);
  if (outer < 0 || inner == outer) return nullptr;
  const auto lock = std::ranges::find_if(function.operations, [&](const Operation& operation) {
    return is_lock(operation) && is_within(function, operation.at.branch, outer) &&
           !is_within(function, operation.at.branch, inner);
  });
  return lock == function.operations.end() ? nullptr : &*lock;
}

// Other threads can see it, and reading it orders nothing.
bool is_plain_and_shared(const Code& code, int object) {
  const Object& whole = code.objects[static_cast<std::size_t>(whole_of(code, object))];
  return code.objects[static_cast<std::size_t>(object)].type != Type::kAtomic &&
         whole.function < 0 && !whole.is_of_thread;
}

}  // namespace

void find_double_checked(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    if (function.may_keep_lock) continue;
    for (std::size_t i = 0; i < function.operations.size(); ++i) {
      const Operation& write = function.operations[i];
      if (write.kind != Kind::kWrites || write.object < 0) continue;
      if (!is_plain_and_shared(code, write.object)) continue;
      const Operation* lock = lock_in_branch(function, write);
      if (lock == nullptr) lock = lock_behind_exit(function, i);
      if (lock == nullptr) continue;
      warnings.push_back({.place = write.range.begin,
                          .text = quoted(code, write.object) +
                                  " is tested before the lock is taken, which races with this "
                                  "write; make it std::atomic, or use Once or a static local",
                          .notes = {{lock->range.begin, "the lock is taken here"}}});
    }
  }
}

}  // namespace raddle::lint
