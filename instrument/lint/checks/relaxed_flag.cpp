// SPDX-License-Identifier: Apache-2.0
// A flag that tells others that something is ready, or a pointer to something new, stored with an
// order that does not carry along what was written before.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

// To memory that others can see, and that they may not look at without an order.
bool writes_data(const Code& code, const Function& function, int index,
                 const Operation& operation) {
  if (operation.kind != Kind::kWrites || operation.object < 0) return false;
  const int whole = whole_of(code, operation.object);
  const int owner = code.objects[static_cast<std::size_t>(whole)].function;
  // A lambda shares what it captures by reference with the function around it.
  const bool is_shared =
      owner < 0 || (owner != index && std::ranges::any_of(
                                          function.captures,
                                          [&](const Capture& capture) {
                                            return capture.by_reference && capture.object == whole;
                                          }));
  return is_shared && code.objects[static_cast<std::size_t>(operation.object)].type == Type::kOther;
}

bool is_of_this(const Code& code, int object) {
  if (object < 0) return false;
  const Object& whole = code.objects[static_cast<std::size_t>(whole_of(code, object))];
  return whole.member >= 0 && whole.base < 0;
}

// What an object notes of itself is not what a flag of the whole program tells of.
bool may_publish(const Code& code, const Operation& store, const Operation& write) {
  return is_of_this(code, store.object) == is_of_this(code, write.object);
}

// A lock publishes what it guards, and a release fence all that was before it.
bool publishes_otherwise(Kind kind) {
  return kind == Kind::kGuards || kind == Kind::kLocks || kind == Kind::kFences;
}

Warning warning_of(const Code& code, const Operation& store, const Operation* write) {
  Warning warning;
  warning.place = store.range.begin;
  warning.text = "whoever sees " + quoted(code, store.object) +
                 " set may not see what was written before: relaxed order carries nothing along; "
                 "store with release, and load with acquire";
  if (write != nullptr) warning.notes = {{write->range.begin, "such as this"}};
  if (store.argument.last != 0) warning.fixes = {{store.argument, "std::memory_order_release"}};
  return warning;
}

// Nobody else has it yet, or what is started or joined behind it carries the rest along.
bool is_private(const Code& code, const Function& function, const Operation& store) {
  const Object* object =
      store.object < 0 ? nullptr : &code.objects[static_cast<std::size_t>(store.object)];
  const bool is_own = object != nullptr && object->member >= 0 && object->base < 0;
  if (function.is_constructor && is_own) return true;
  return std::any_of(&store, function.operations.data() + function.operations.size(),
                     [](const Operation& later) {
                       return later.kind == Kind::kStarts || later.kind == Kind::kJoins ||
                              later.kind == Kind::kWaits;
                     });
}

// What was written last before the store, in its block: whoever only notes in an inner block that
// something has failed publishes nothing. Null: nothing was.
const Operation* written_before(const Code& code, int index, const Operation& store) {
  const Function& function = code.functions[static_cast<std::size_t>(index)];
  for (const Operation* write = &store; write-- != function.operations.data();) {
    if (writes_data(code, function, index, *write) && may_publish(code, store, *write) &&
        is_inside(function.scopes, write->at.scope, store.at.scope)) {
      return write;
    }
  }
  return nullptr;
}

void look_at(const Code& code, int index, Warnings& warnings) {
  const Function& function = code.functions[static_cast<std::size_t>(index)];
  for (const Operation& operation : function.operations) {
    if (publishes_otherwise(operation.kind)) return;
    if (operation.kind != Kind::kStoresRelaxed) continue;
    const Operation* write = written_before(code, index, operation);
    if (write == nullptr && !operation.stores_new) continue;
    if (!is_private(code, function, operation)) {
      warnings.push_back(warning_of(code, operation, write));
    }
  }
}

}  // namespace

void find_relaxed_flag(const Code& code, Warnings& warnings) {
  for (std::size_t index = 0; index < code.functions.size(); ++index) {
    look_at(code, static_cast<int>(index), warnings);
  }
}

}  // namespace raddle::lint
