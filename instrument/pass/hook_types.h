// SPDX-License-Identifier: Apache-2.0
// The runtime's hooks as LLVM functions, from the table that the runtime itself is built from.
#pragma once

#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {

// Declares hook `name` (a row of runtime/hooks/hooks.def) in the module. A name that is not in the
// table is our own bug.
llvm::FunctionCallee hook(llvm::Module& module, llvm::StringRef name);

// `__raddle_thread`, and the type of the runtime's ThreadState (hooks.h): filter, epoch, top,
// context, granules, tick.
llvm::GlobalVariable* thread_state(llvm::Module& module);
enum ThreadField : unsigned { kFilter = 0, kEpoch = 1, kTop = 2, kContext = 3, kGranules = 4 };
llvm::StructType* thread_state_type(llvm::LLVMContext& context);

}  // namespace raddle::pass
