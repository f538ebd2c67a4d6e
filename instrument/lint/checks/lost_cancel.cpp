// SPDX-License-Identifier: Apache-2.0
// A cancel that is given up (the context then lives as long as its parent) or dropped (it ends at
// once).
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

// The context that is returned, if its cancel dies with the function: nothing there names it.
const Object* dead_when_returned(const Code& code, const Function& function,
                                 const Operation& operation) {
  if (operation.kind != Kind::kReturns || operation.object < 0) return nullptr;
  const Object& context = code.objects[static_cast<std::size_t>(operation.object)];
  const int cancel = context.cancel;
  if (cancel < 0 || context.is_reference) return nullptr;
  const auto is_it = [&](const auto& use) { return use.object == cancel; };
  const bool is_named = std::ranges::any_of(function.mentions, is_it);
  const bool is_captured = std::ranges::any_of(code.functions, [&](const Function& other) {
    return std::ranges::any_of(other.captures, is_it);
  });
  return is_named || is_captured ? nullptr : &context;
}

}  // namespace

void find_lost_cancel(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    for (const Operation& operation : function.operations) {
      if (operation.kind == Kind::kReleasesCancel) {
        Warning warning;
        warning.place = operation.range.begin;
        warning.text =
            "after release() nobody can cancel the context: what waits for it, and its "
            "timer, stay as long as its parent; keep " +
            quoted(code, operation.object) + ", its destruction cancels";
        warnings.push_back(std::move(warning));
      }
      if (const Object* context = dead_when_returned(code, function, operation)) {
        const Object& cancel = code.objects[static_cast<std::size_t>(context->cancel)];
        warnings.push_back({.place = operation.range.begin,
                            .text = "'" + cancel.name + "' is destroyed here, and that ends '" +
                                    context->name +
                                    "' before the caller has it; return both, or let the caller "
                                    "make the context",
                            .notes = {{cancel.place, "'" + cancel.name + "' lives here"}}});
      }
      if (operation.kind == Kind::kDropsCancel) {
        warnings.push_back({.place = operation.range.begin,
                            .text = "the cancel is destroyed here, and that ends the context at "
                                    "once; keep both: auto [context, cancel] = ..."});
      }
    }
  }
}

}  // namespace raddle::lint
