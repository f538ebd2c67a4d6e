// SPDX-License-Identifier: Apache-2.0
// A lock that some way out of the function keeps, and a lock without a guard around what can throw.
#include <algorithm>
#include <string>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

// Where the result is looked at, it may not have been locked at all.
bool is_by_hand(const Operation& operation) {
  return operation.kind == Kind::kLocks && operation.guard < 0 && operation.is_statement;
}

// Also a lock that was tried, where it is known to have been locked.
bool is_known(const Operation& operation) {
  return is_by_hand(operation) || (operation.is_decided && operation.guard < 0);
}

bool is_lock_of(const Code& code, const Operation& operation, Kind kind, int mutex) {
  return operation.kind == kind && operation.guard < 0 && is_same(code, operation.object, mutex);
}

// The ways out that keep it. None if the function ends with it: then it is one that locks for its
// caller.
std::vector<int> keeping(const Code& code, const Function& function, int mutex) {
  const auto locks = [&](const Operation& operation) {
    return is_known(operation) && is_same(code, operation.object, mutex);
  };
  const auto unlocks = [&](const Operation& operation) {
    return is_lock_of(code, operation, Kind::kUnlocks, mutex);
  };
  const bool has_unlock = std::ranges::any_of(function.operations, unlocks);
  std::vector<int> kept = exits_between(function, locks, unlocks);
  // Who returns with success what it has tried to lock locks it for its caller.
  const auto tries = [](const Operation& operation) { return operation.is_decided; };
  const auto never = [](const Operation&) { return false; };
  for (const int exit : exits_between(function, tries, never)) {
    if (function.operations[static_cast<std::size_t>(exit)].is_success) std::erase(kept, exit);
  }
  const std::vector<int> all = exits(function);
  if (!has_unlock || (!kept.empty() && kept.back() == all.back())) return {};
  const std::vector<int> jumps = jumps_between(function, locks, unlocks);
  kept.insert(kept.end(), jumps.begin(), jumps.end());
  return kept;
}

// The unlock that follows in the same scope; null: there is none.
const Operation* partner(const Code& code, const Function& function, std::size_t lock) {
  const Operation& locked = function.operations[lock];
  for (std::size_t i = lock + 1; i < function.operations.size(); ++i) {
    const Operation& operation = function.operations[i];
    if (!is_lock_of(code, operation, Kind::kUnlocks, locked.object)) continue;
    return operation.at.scope == locked.at.scope ? &operation : nullptr;
  }
  return nullptr;
}

void look_for_throw(const Code& code, const Function& function, std::size_t lock,
                    Warnings& warnings) {
  const Operation& locked = function.operations[lock];
  const Operation* unlocked = partner(code, function, lock);
  if (unlocked == nullptr) return;
  const auto* throwing =
      std::find_if(function.operations.data() + lock + 1, unlocked, [](const Operation& operation) {
        return operation.kind == Kind::kCalls || operation.kind == Kind::kSends;
      });
  if (throwing == unlocked) return;
  warnings.push_back({.place = locked.range.begin,
                      .text = quoted(code, locked.object) +
                              " stays locked if what comes before its unlock throws; hold it by a "
                              "std::lock_guard",
                      .notes = {{throwing->range.begin, "this can throw"},
                                {unlocked->range.begin, "and this is then passed by"}}});
}

}  // namespace

void find_kept_lock(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    if (function.may_keep_lock) continue;
    std::vector<int> seen;
    for (const Operation& operation : function.operations) {
      if (!is_known(operation) || operation.object < 0) continue;
      const auto known = [&](int other) { return is_same(code, other, operation.object); };
      if (std::ranges::any_of(seen, known)) continue;
      seen.push_back(operation.object);
      for (const int way : keeping(code, function, operation.object)) {
        const Operation& exit = function.operations[static_cast<std::size_t>(way)];
        warnings.push_back({.place = exit.range.begin,
                            .text = std::string(exit.kind == Kind::kJumps
                                                    ? "this jump leaves the unlock out and keeps "
                                                    : "the function ends here and keeps ") +
                                    quoted(code, operation.object) +
                                    " locked; hold it by a guard, or unlock it first",
                            .notes = {{operation.range.begin, "it is locked here"}}});
      }
    }
  }
}

void find_unguarded_lock(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    for (std::size_t i = 0; i < function.operations.size(); ++i) {
      const Operation& operation = function.operations[i];
      if (!is_by_hand(operation) || operation.object < 0) continue;
      if (code.objects[static_cast<std::size_t>(operation.object)].type != Type::kMutex) continue;
      look_for_throw(code, function, i, warnings);
    }
  }
}

}  // namespace raddle::lint
