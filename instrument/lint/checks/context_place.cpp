// SPDX-License-Identifier: Apache-2.0
// Go's two rules for contexts: the first parameter, and never a member.
#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {

void find_context_not_first(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    if (function.name.empty()) continue;
    for (std::size_t i = 1; i < function.parameters.size(); ++i) {
      const Parameter& parameter = function.parameters[i];
      if (parameter.type != Type::kContext) continue;
      if (function.parameters[0].type == Type::kContext) break;
      const Object& object = code.objects[static_cast<std::size_t>(parameter.object)];
      warnings.push_back({.place = object.place,
                          .text = "a Context is the first parameter of a function, so that "
                                  "everybody sees which calls can be cancelled; move '" +
                                  object.name + "' to the front"});
      break;
    }
  }
}

void find_stored_context(const Code& code, Warnings& warnings) {
  for (const Field& field : code.fields) {
    if (field.type != Type::kContext) continue;
    warnings.push_back({.place = field.place,
                        .text = "'" + field.class_name + "::" + field.name +
                                "' keeps a Context beyond the call that it belongs to: one "
                                "caller's cancel ends another's work; pass it to the functions "
                                "that need it"});
  }
}

}  // namespace raddle::lint
