// SPDX-License-Identifier: Apache-2.0
// A flag that tells others that something is ready, or a pointer to something new, stored with an
// order that does not carry along what was written before.
#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

// To memory that others can see, and that they may not look at without an order.
bool writes_data(const Code& code, const Operation& operation) {
  if (operation.kind != Kind::kWrites || operation.object < 0) return false;
  const Object& object = code.objects[static_cast<std::size_t>(operation.object)];
  return object.function < 0 && object.type == Type::kOther;
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

}  // namespace

void find_relaxed_flag(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    const Operation* write = nullptr;  // the last one
    for (const Operation& operation : function.operations) {
      if (publishes_otherwise(operation.kind)) break;
      if (writes_data(code, operation)) write = &operation;
      const bool carries = write != nullptr || operation.stores_new;
      if (operation.kind != Kind::kStoresRelaxed || !carries) continue;
      warnings.push_back(warning_of(code, operation, write));
    }
  }
}

}  // namespace raddle::lint
