// SPDX-License-Identifier: Apache-2.0
// The code in front of an access: the inlined filter, and the call of a hook when the filter does
// not know the access.
#pragma once

#include "instrument/pass/call_stack.h"
#include "instrument/pass/instrument.h"
#include "instrument/pass/select.h"
#include "instrument/pass/site_table.h"

namespace raddle::pass {

class AccessHooks {
 public:
  AccessHooks(llvm::Module& module, SiteTable& sites, const PassOptions& options)
      : module_(module), sites_(sites), options_(options) {}

  void access(const MemoryAccess& access, CallStack& stack);
  void intrinsic(llvm::Instruction& instruction, CallStack& stack);
  void atomic(llvm::Instruction& instruction, CallStack& stack);

 private:
  void fence(llvm::FenceInst& fence, CallStack& stack);
  void range(llvm::Instruction& before, llvm::Value* pointer, llvm::Value* bytes, bool is_write,
             CallStack& stack);
  llvm::Value* is_unknown(llvm::IRBuilder<>& builder, llvm::Value* filter,
                          const MemoryAccess& access);

  llvm::Module& module_;
  SiteTable& sites_;
  const PassOptions& options_;
};

}  // namespace raddle::pass
