// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/handles.h"

#include <llvm/ADT/StringSet.h>

#include "instrument/lint/calls.h"
#include "instrument/lint/names.h"

namespace raddle::lint {
namespace {

std::string method_name(const clang::CXXMemberCallExpr& call) {
  return call.getMethodDecl() != nullptr ? call.getMethodDecl()->getNameAsString() : "";
}

// One step from an element to what it is in; null: it is in nothing.
const clang::Expr* around(const clang::Expr* element) {
  if (const auto* part = llvm::dyn_cast<clang::ArraySubscriptExpr>(element)) return part->getBase();
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(element)) return unary->getSubExpr();
  if (const auto* sum = llvm::dyn_cast<clang::BinaryOperator>(element)) {
    return sum->isAdditiveOp() ? sum->getLHS() : nullptr;
  }
  if (const auto* called = llvm::dyn_cast<clang::CXXOperatorCallExpr>(element)) {
    const clang::OverloadedOperatorKind kind = called->getOperator();
    const bool is_access =
        kind == clang::OO_Subscript || kind == clang::OO_Star || kind == clang::OO_Arrow;
    return is_access ? called->getArg(0) : nullptr;
  }
  if (const auto* called = llvm::dyn_cast<clang::CXXMemberCallExpr>(element)) {
    static const llvm::StringSet<> kNames = {"at", "back", "front", "get", "value"};
    return kNames.contains(method_name(*called)) ? called->getImplicitObjectArgument() : nullptr;
  }
  return nullptr;
}

}  // namespace

bool can_tell_end(Type type) {
  return type == Type::kWaitGroup || type == Type::kThread || type == Type::kHandles ||
         type == Type::kAtomic;
}

const clang::Expr* holder_in(const clang::Expr* expression) {
  while (expression != nullptr) {
    expression = expression->IgnoreParenCasts()->IgnoreImplicit();
    if (llvm::isa<clang::DeclRefExpr, clang::MemberExpr>(expression)) return expression;
    expression = around(expression);
  }
  return nullptr;
}

bool keeps_handle(const clang::CXXMemberCallExpr& call) {
  static const llvm::StringSet<> kNames = {
      "push_back", "push_front",    "push",   "emplace_back",     "emplace",
      "insert",    "emplace_front", "assign", "insert_or_assign", "try_emplace"};
  return kNames.contains(method_name(call)) &&
         type_of(call.getImplicitObjectArgument()->getType()) == Type::kHandles;
}

const clang::Expr* holder_of_start(const clang::Expr& start) {
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&start)) {
    return holder_in(member->getImplicitObjectArgument());
  }
  const auto* called = llvm::dyn_cast<clang::CallExpr>(&start);
  const bool is_c = called != nullptr && called->getDirectCallee() != nullptr &&
                    plain_name(*called->getDirectCallee()) == "pthread_create";
  return is_c && called->getNumArgs() > 0 ? holder_in(called->getArg(0)) : nullptr;
}

const clang::Expr* only_filled(const clang::Expr& expression) {
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&expression)) {
    static const llvm::StringSet<> kNames = {"go", "add", "size", "empty", "reserve"};
    const bool is_quiet = keeps_handle(*member) || kNames.contains(method_name(*member));
    return is_quiet ? holder_in(member->getImplicitObjectArgument()) : nullptr;
  }
  if (const clang::Expr* target = assigned(expression)) {
    return type_of(target->getType()) == Type::kAtomic ? nullptr : holder_in(target);
  }
  return holder_of_start(expression);
}

}  // namespace raddle::lint
