// SPDX-License-Identifier: Apache-2.0
// Gives variables and members their indices in Code::objects.
#pragma once

#include <clang/AST/Decl.h>
#include <clang/AST/Expr.h>
#include <llvm/ADT/DenseMap.h>

#include <map>
#include <utility>

#include "instrument/lint/code.h"

namespace raddle::lint {

class Objects {
 public:
  explicit Objects(Code& code) : code_(code) {}

  // A variable that is declared here.
  int declare(const clang::ValueDecl& variable, int function, Surroundings where);
  // The object that an expression names, through handles, references, std::move and std::ref; -1:
  // it names none, or one of several.
  int resolve(const clang::Expr* expression);
  int of(const clang::ValueDecl& variable);

 private:
  int of_member(const clang::MemberExpr& member);
  int add(const clang::ValueDecl& declaration);

  Code& code_;
  llvm::DenseMap<const clang::Decl*, int> variables_;
  std::map<std::pair<int, const clang::Decl*>, int> members_;  // of an object (-1: this)
  llvm::DenseMap<const clang::Decl*, int> member_numbers_;
};

}  // namespace raddle::lint
