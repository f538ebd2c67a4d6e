// SPDX-License-Identifier: Apache-2.0
// Functions of the module that can be seen to synchronise nothing.
#pragma once

#include "llvm/IR/Module.h"

namespace raddle::pass {

// Marks the functions none of whose instructions may synchronise (select.h), nor those of what they
// call: a call of one is then no such instruction either. To be asked before hooks are added, which
// are calls. Only of functions whose code here is what runs: not if the linker or the loader may
// take another one that does more.
void mark_quiet_functions(llvm::Module& module);
bool is_marked_quiet(const llvm::Function& function);
void forget_quiet_functions(llvm::Module& module);

}  // namespace raddle::pass
