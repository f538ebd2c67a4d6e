// SPDX-License-Identifier: Apache-2.0
// Reads updates of an atomic that are two operations: `x = x + 1`.
#pragma once

#include <clang/AST/Expr.h>

#include <optional>
#include <string_view>

namespace raddle::lint {

// A new value, computed from the atomic's old one, is stored by an operation of its own. Not where
// an order is given: who chooses one knows that it is two operations.
struct SplitUpdate {
  const clang::Expr* target = nullptr;
  clang::SourceRange middle;  // of `x = x + 1`: `= x +`. Invalid: no operator does the same in one
  std::string_view in_one;    // ... that operator, which can take the place of `middle`
};

// nullopt: the expression is none.
std::optional<SplitUpdate> split_update(const clang::Expr& expression);

}  // namespace raddle::lint
