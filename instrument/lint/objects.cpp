// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/objects.h"

#include <clang/AST/ExprCXX.h>

#include <cstddef>

#include "instrument/lint/names.h"

namespace raddle::lint {
namespace {

bool hands_through(const clang::FunctionDecl* callee) {
  if (callee == nullptr) return false;
  const std::string name = plain_name(*callee);
  return name == "std::move" || name == "std::forward" || name == "std::ref" ||
         name == "std::cref" || name == "std::as_const" || name == "std::addressof";
}

// Also a part of `auto& [a, b]`.
bool refers(const clang::ValueDecl& declaration) {
  const auto* part = llvm::dyn_cast<clang::BindingDecl>(&declaration);
  const clang::ValueDecl* whole = part != nullptr ? part->getDecomposedDecl() : &declaration;
  return declaration.getType()->isReferenceType() ||
         (whole != nullptr && whole->getType()->isReferenceType());
}

// One step towards the variable; null: there is none.
const clang::Expr* behind(const clang::Expr* expression) {
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(expression)) {
    const bool is_same =
        unary->getOpcode() == clang::UO_AddrOf || unary->getOpcode() == clang::UO_Deref;
    return is_same ? unary->getSubExpr() : nullptr;
  }
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(expression)) {
    return made->getNumArgs() == 1 ? made->getArg(0) : nullptr;
  }
  if (const auto* called = llvm::dyn_cast<clang::CXXMemberCallExpr>(expression)) {
    const bool is_conversion =
        llvm::isa_and_nonnull<clang::CXXConversionDecl>(called->getMethodDecl());
    return is_conversion ? called->getImplicitObjectArgument() : nullptr;
  }
  if (const auto* called = llvm::dyn_cast<clang::CXXOperatorCallExpr>(expression)) {
    const bool is_pointer =
        called->getOperator() == clang::OO_Star || called->getOperator() == clang::OO_Arrow;
    return is_pointer ? called->getArg(0) : nullptr;
  }
  if (const auto* called = llvm::dyn_cast<clang::CallExpr>(expression)) {
    return hands_through(called->getDirectCallee()) && called->getNumArgs() == 1 ? called->getArg(0)
                                                                                 : nullptr;
  }
  return nullptr;
}

}  // namespace

int Objects::add(const clang::ValueDecl& declaration) {
  Object object;
  object.name = declaration.getNameAsString();
  object.type = type_of(declaration.getType());
  object.place = declaration.getLocation().getRawEncoding();
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(&declaration);
  object.is_of_thread = variable != nullptr && variable->getTLSKind() != clang::VarDecl::TLS_None;
  object.is_parameter = llvm::isa<clang::ParmVarDecl>(declaration);
  object.is_reference = refers(declaration);
  code_.objects.push_back(std::move(object));
  return static_cast<int>(code_.objects.size()) - 1;
}

int Objects::declare(const clang::ValueDecl& variable, int function, Surroundings where) {
  const int index = of(variable);
  Object& object = code_.objects[static_cast<std::size_t>(index)];
  object.function = function;
  object.declared = where;
  return index;
}

int Objects::of(const clang::ValueDecl& variable) {
  // `[c = c]` is another variable but, for what matters here, the same object.
  if (const auto* captured = llvm::dyn_cast<clang::VarDecl>(&variable);
      captured != nullptr && captured->isInitCapture()) {
    if (const int origin = resolve(captured->getInit()); origin >= 0) return origin;
  }
  const clang::Decl* key = variable.getCanonicalDecl();
  const auto known = variables_.find(key);
  if (known != variables_.end()) return known->second;
  const int index = add(variable);
  variables_[key] = index;
  return index;
}

int Objects::of_member(const clang::MemberExpr& member) {
  const auto* field = llvm::dyn_cast<clang::FieldDecl>(member.getMemberDecl());
  if (field == nullptr) return of(*member.getMemberDecl());  // a static one
  const int base = resolve(member.getBase());
  const auto [place, is_new] = members_.try_emplace({base, field->getCanonicalDecl()}, -1);
  if (!is_new) return place->second;
  place->second = add(*field);
  code_.objects.back().base = base;
  code_.objects.back().is_part =
      base >= 0 && !member.isArrow() &&
      llvm::isa<clang::DeclRefExpr, clang::MemberExpr>(member.getBase()->IgnoreParenImpCasts());
  const auto number = static_cast<int>(member_numbers_.size());
  code_.objects.back().member =
      member_numbers_.try_emplace(field->getCanonicalDecl(), number).first->second;
  return place->second;
}

int Objects::resolve(const clang::Expr* expression) {
  while (expression != nullptr) {
    expression = expression->IgnoreParenCasts()->IgnoreImplicit();
    if (const auto* named = llvm::dyn_cast<clang::DeclRefExpr>(expression)) {
      const bool is_function = llvm::isa<clang::FunctionDecl>(named->getDecl());
      return is_function ? -1 : of(*named->getDecl());
    }
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression)) {
      return of_member(*member);
    }
    expression = behind(expression);
  }
  return -1;
}

}  // namespace raddle::lint
