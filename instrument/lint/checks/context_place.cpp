// SPDX-License-Identifier: Apache-2.0
// Go's two rules for contexts: the first parameter, and never a member.
#include <algorithm>

#include "instrument/lint/checks.h"

namespace raddle::lint {

void find_context_not_first(const Code& code, Warnings& warnings) {
  for (const Signature& parameters : code.signatures) {
    if (parameters.empty() || parameters[0].type == Type::kContext) continue;
    const auto context = std::ranges::find(parameters, Type::kContext, &Parameter::type);
    if (context == parameters.end()) continue;
    const std::string what = context->name.empty() ? "it" : "'" + context->name + "'";
    warnings.push_back({.place = context->place,
                        .text = "a Context is the first parameter of a function, so that "
                                "everybody sees which calls can be cancelled; move " +
                                what + " to the front"});
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
