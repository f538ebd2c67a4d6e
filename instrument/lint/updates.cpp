// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/updates.h"

#include <clang/AST/ExprCXX.h>

#include "instrument/lint/names.h"

namespace raddle::lint {
namespace {

bool is_atomic(const clang::Expr& object) {
  const clang::QualType type = object.IgnoreParenImpCasts()->getType();
  return type_of(type->isPointerType() ? type->getPointeeType() : type) == Type::kAtomic;
}

// No argument is written: the order is the strongest.
bool has_default_order(const clang::CXXMemberCallExpr& call, unsigned arguments) {
  return call.getNumArgs() == arguments + 1 &&
         llvm::isa<clang::CXXDefaultArgExpr>(call.getArg(arguments));
}

struct Store {
  const clang::Expr* target = nullptr;
  const clang::Expr* value = nullptr;
  clang::SourceLocation equals;  // invalid: it is a call of store()
};

std::optional<Store> store_in(const clang::Expr& expression) {
  if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(&expression)) {
    if (binary->getOpcode() != clang::BO_Assign) return std::nullopt;
    return Store{binary->getLHS(), binary->getRHS(), binary->getOperatorLoc()};
  }
  if (const auto* called = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&expression)) {
    if (called->getOperator() != clang::OO_Equal || called->getNumArgs() != 2) return std::nullopt;
    return Store{called->getArg(0), called->getArg(1), called->getOperatorLoc()};
  }
  const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&expression);
  if (member == nullptr || member->getMethodDecl() == nullptr) return std::nullopt;
  const auto& name = member->getMethodDecl()->getDeclName();
  const bool is_store = name.isIdentifier() && member->getMethodDecl()->getName() == "store";
  if (!is_store || !has_default_order(*member, 1)) return std::nullopt;
  return Store{member->getImplicitObjectArgument(), member->getArg(0), {}};
}

// The atomic whose value the expression is, by a conversion or load(); null: it is something else.
const clang::Expr* read_in(const clang::Expr& expression) {
  const clang::Expr* plain = expression.IgnoreParenCasts();
  if (type_of(plain->getType()) == Type::kAtomic) return plain;  // of C, read by a cast
  const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(plain);
  if (member == nullptr || member->getMethodDecl() == nullptr) return nullptr;
  const clang::CXXMethodDecl& method = *member->getMethodDecl();
  const bool is_load = method.getDeclName().isIdentifier() && method.getName() == "load" &&
                       has_default_order(*member, 0);
  const bool is_read = is_load || llvm::isa<clang::CXXConversionDecl>(method);
  return is_read ? member->getImplicitObjectArgument() : nullptr;
}

// Whether both name the same variable, or the same member of the same; what a call or a subscript
// gives is never taken for the same.
bool are_same(const clang::Expr& a, const clang::Expr& b) {
  const clang::Expr* one = a.IgnoreParenImpCasts();
  const clang::Expr* two = b.IgnoreParenImpCasts();
  if (llvm::isa<clang::CXXThisExpr>(one)) return llvm::isa<clang::CXXThisExpr>(two);
  if (const auto* named = llvm::dyn_cast<clang::DeclRefExpr>(one)) {
    const auto* other = llvm::dyn_cast<clang::DeclRefExpr>(two);
    return other != nullptr && named->getDecl() == other->getDecl();
  }
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(one)) {
    const auto* other = llvm::dyn_cast<clang::MemberExpr>(two);
    return other != nullptr && member->getMemberDecl() == other->getMemberDecl() &&
           are_same(*member->getBase(), *other->getBase());
  }
  const auto* pointed = llvm::dyn_cast<clang::UnaryOperator>(one);
  const auto* other = llvm::dyn_cast<clang::UnaryOperator>(two);
  return pointed != nullptr && other != nullptr && pointed->getOpcode() == clang::UO_Deref &&
         other->getOpcode() == clang::UO_Deref &&
         are_same(*pointed->getSubExpr(), *other->getSubExpr());
}

bool is_read_of(const clang::Expr& value, const clang::Expr& target) {
  const clang::Expr* object = read_in(value);
  return object != nullptr && are_same(*object, target);
}

bool is_arithmetic(const clang::BinaryOperator& binary) {
  return binary.isMultiplicativeOp() || binary.isAdditiveOp() || binary.isShiftOp() ||
         binary.isBitwiseOp();
}

// Whether the target's old value takes part in an arithmetic expression.
bool is_made_of(const clang::Expr& value, const clang::Expr& target) {
  const clang::Expr* plain = value.IgnoreParenCasts();
  const auto takes_part = [&](const clang::Expr& part) {
    return is_read_of(part, target) || is_made_of(part, target);
  };
  if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(plain)) {
    return is_arithmetic(*binary) &&
           (takes_part(*binary->getLHS()) || takes_part(*binary->getRHS()));
  }
  const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(plain);
  return unary != nullptr && (unary->isArithmeticOp() || unary->getOpcode() == clang::UO_LNot) &&
         takes_part(*unary->getSubExpr());
}

// An atomic's operator of the same name. Empty: it has none.
std::string_view in_one(clang::BinaryOperatorKind kind) {
  switch (kind) {
    case clang::BO_Add:
      return "+=";
    case clang::BO_Sub:
      return "-=";
    case clang::BO_And:
      return "&=";
    case clang::BO_Or:
      return "|=";
    case clang::BO_Xor:
      return "^=";
    default:  // Clang has many more
      return {};
  }
}

// Whole numbers wrap alike in both; a fraction would be cut off earlier.
bool are_whole(const clang::Expr& old_value, const clang::Expr& change) {
  const clang::QualType type =
      old_value.IgnoreParenImpCasts()->getType().getAtomicUnqualifiedType();
  return type->isIntegralOrUnscopedEnumerationType() && !type->isBooleanType() &&
         change.getType()->isIntegralOrUnscopedEnumerationType();
}

void add_operator(const Store& store, SplitUpdate& update) {
  const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(store.value->IgnoreImplicit());
  if (store.equals.isInvalid() || binary == nullptr) return;
  const clang::Expr& change = *binary->getRHS();
  if (!is_read_of(*binary->getLHS(), *store.target) || !are_whole(*binary->getLHS(), change))
    return;
  if (is_read_of(change, *store.target) || is_made_of(change, *store.target)) return;
  update.in_one = in_one(binary->getOpcode());
  if (!update.in_one.empty()) update.middle = {store.equals, binary->getOperatorLoc()};
}

}  // namespace

std::optional<SplitUpdate> split_update(const clang::Expr& expression) {
  const std::optional<Store> store = store_in(expression);
  if (!store || !is_atomic(*store->target)) return std::nullopt;
  if (!is_made_of(*store->value, *store->target)) return std::nullopt;
  SplitUpdate update;
  update.target = store->target;
  add_operator(*store, update);
  return update;
}

}  // namespace raddle::lint
