// SPDX-License-Identifier: Apache-2.0
// Reads the body of one function.
#pragma once

#include <clang/AST/ASTContext.h>
#include <clang/AST/Decl.h>

#include "instrument/lint/code.h"
#include "instrument/lint/objects.h"

namespace raddle::lint {

// Adds the function, and the lambdas in it, to `code`.
void walk_function(const clang::FunctionDecl& declaration, clang::ASTContext& context, Code& code,
                   Objects& objects);

}  // namespace raddle::lint
