// SPDX-License-Identifier: Apache-2.0
// Reads Clang's syntax tree into what the checks look at.
#pragma once

#include <clang/AST/ASTContext.h>

#include "instrument/lint/code.h"

namespace raddle::lint {

// The functions, with bodies, of the user's own files: what stands in system headers is left out.
// Templates are read as they were instantiated.
Code collect(clang::ASTContext& context);

}  // namespace raddle::lint
