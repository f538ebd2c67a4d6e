// SPDX-License-Identifier: Apache-2.0
// Order that libraries without hooks make between tasks, at the calls by which compiled code
// enters them and the functions by which they enter compiled code: TBB, and what OpenMP's runtime
// tells no tool of. Also memory that they hand out as new and do not take from malloc each time.
#pragma once

#include "llvm/IR/Function.h"

namespace raddle::pass {

// Puts calls of hooks, and an atomic load where a library has waited for one, into the function.
// Before anything is selected in it: whatever synchronises is seen then. Whether it changed.
bool add_library_order(llvm::Function& function);

}  // namespace raddle::pass
