// SPDX-License-Identifier: Apache-2.0
// A lock held while a task waits for another one, which may want the lock.
#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

bool is_rendezvous(Kind kind) {
  return kind == Kind::kSends || kind == Kind::kReceives || kind == Kind::kSelects ||
         kind == Kind::kWaits;
}

bool can_wait(const Function& function, const Operation& operation) {
  if (operation.kind != Kind::kSelects) return is_rendezvous(operation.kind);
  const int self = static_cast<int>(&operation - function.operations.data());
  for (const Operation& other : function.operations) {
    if (other.kind == Kind::kCaseOtherwise && other.select == self) return false;
  }
  return true;
}

void look_behind(const Code& code, const Function& function, std::size_t guard,
                 Warnings& warnings) {
  const Operation& locked = function.operations[guard];
  for (std::size_t i = guard + 1; i < function.operations.size(); ++i) {
    const Operation& operation = function.operations[i];
    if (!is_inside(function.scopes, operation.at.scope, locked.at.scope)) return;
    if (operation.kind == Kind::kUnlocks && operation.object == locked.object) return;
    if (!can_wait(function, operation)) continue;
    warnings.push_back({.place = operation.range.begin,
                        .text = quoted(code, locked.object) +
                                " is held while this waits: if whoever should come wants it too, "
                                "both wait for ever; unlock first",
                        .notes = {{locked.range.begin, "it is locked here"}}});
    return;
  }
}

}  // namespace

void find_lock_across_channel(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    for (std::size_t i = 0; i < function.operations.size(); ++i) {
      const Operation& operation = function.operations[i];
      const bool locks = operation.kind == Kind::kGuards || operation.kind == Kind::kLocks;
      if (locks && operation.object >= 0) look_behind(code, function, i, warnings);
    }
  }
}

}  // namespace raddle::lint
