// SPDX-License-Identifier: Apache-2.0
// A task that gets a copy of a lock: it locks the copy, and everybody else the original.
#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {

namespace {

void look_at(const Code& code, const Capture& copied, Warnings& warnings) {
  const Object& object = code.objects[static_cast<std::size_t>(copied.object)];
  if (copied.by_reference || object.type != Type::kHoldsLock) return;
  warnings.push_back({.place = copied.place,
                      .text = "the task gets its own copy of '" + object.name +
                              "' and the lock in it, which excludes nobody; hand it over by "
                              "reference, or share it by std::shared_ptr",
                      .notes = {{object.place, "'" + object.name + "' is declared here"}}});
}

}  // namespace

void find_copied_lock(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    for (const Operation& start : function.operations) {
      for (const Capture& argument : start.arguments) look_at(code, argument, warnings);
    }
    if (!function.is_task) continue;
    for (const Capture& capture : function.captures) look_at(code, capture, warnings);
  }
}

}  // namespace raddle::lint
