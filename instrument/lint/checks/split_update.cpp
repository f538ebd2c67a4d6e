// SPDX-License-Identifier: Apache-2.0
// An atomic whose new value is computed from its old one, by a read and a write of their own.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

// Whether a lock may keep other writers out: here, or where a lambda stands.
bool may_be_guarded(const Code& code, int index) {
  const Function& function = code.functions[static_cast<std::size_t>(index)];
  const bool has_lock = std::ranges::any_of(function.operations, [](const Operation& operation) {
    return operation.kind == Kind::kGuards || operation.kind == Kind::kLocks ||
           operation.kind == Kind::kTriesLock;
  });
  if (has_lock || function.may_keep_lock) return true;
  return function.parent >= 0 && !function.is_task && may_be_guarded(code, function.parent);
}

// Nobody else has what is being constructed.
bool is_private(const Code& code, const Function& function, const Operation& update) {
  if (!function.is_constructor || update.object < 0) return false;
  const Object& object = code.objects[static_cast<std::size_t>(update.object)];
  return object.member >= 0 && object.base < 0;
}

Warning warning_of(const Code& code, const Operation& update) {
  Warning warning;
  warning.place = update.range.begin;
  warning.text = "this reads " + quoted(code, update.object) +
                 " and then writes it, in two operations: what another thread writes in between is "
                 "lost; ";
  warning.text += update.in_one.empty()
                      ? "use one that does both, such as fetch_add, or compare_exchange in a loop"
                      : "use " + std::string(update.in_one) + ", which is one";
  if (update.argument.last != 0) {
    warning.fixes = {{update.argument, std::string(update.in_one)}};
  }
  return warning;
}

}  // namespace

void find_split_update(const Code& code, Warnings& warnings) {
  for (std::size_t index = 0; index < code.functions.size(); ++index) {
    if (may_be_guarded(code, static_cast<int>(index))) continue;
    const Function& function = code.functions[index];
    for (const Operation& operation : function.operations) {
      if (operation.kind != Kind::kUpdatesInTwo || is_private(code, function, operation)) continue;
      warnings.push_back(warning_of(code, operation));
    }
  }
}

}  // namespace raddle::lint
