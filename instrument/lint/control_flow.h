// SPDX-License-Identifier: Apache-2.0
// Puts a function's operations into basic blocks, and tells where control goes from a statement.
#pragma once

#include <clang/AST/ASTContext.h>
#include <clang/AST/Stmt.h>
#include <llvm/ADT/DenseMap.h>

#include <optional>

#include "instrument/lint/code.h"

namespace raddle::lint {

// `places` tells which statement, as Clang's control flow graph names it, stands for each
// operation; a callback's operations stand where the callback is written. Leaves `function.blocks`
// empty where Clang cannot make a graph.
void add_blocks(const clang::Decl& declaration, clang::Stmt& body,
                const llvm::DenseMap<const clang::Stmt*, std::vector<int>>& places,
                clang::ASTContext& context, Function& function);

// Of a for, while or do.
const clang::Stmt* body_of(const clang::Stmt& loop);

// What a statement that sends control elsewhere is to the checks: a throw, break, goto, co_await.
std::optional<Kind> leap_of(const clang::Stmt& statement);

// Whoever comes to the statement does not come behind it. Null: it is empty.
bool leaves(const clang::Stmt* statement);

}  // namespace raddle::lint
