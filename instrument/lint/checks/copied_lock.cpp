// SPDX-License-Identifier: Apache-2.0
// A task that gets a copy of a lock: it locks the copy, and everybody else the original.
#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {

void find_copied_lock(const Code& code, Warnings& warnings) {
  for (const Function& task : code.functions) {
    if (!task.is_task) continue;
    for (const Capture& capture : task.captures) {
      const Object& object = code.objects[static_cast<std::size_t>(capture.object)];
      if (capture.by_reference || object.type != Type::kHoldsLock) continue;
      warnings.push_back({.place = capture.place,
                          .text = "the task gets its own copy of '" + object.name +
                                  "' and the lock in it, which excludes nobody; capture it by "
                                  "reference, or share it by std::shared_ptr",
                          .notes = {{object.place, "'" + object.name + "' is declared here"}}});
    }
  }
}

}  // namespace raddle::lint
