// SPDX-License-Identifier: Apache-2.0
// Keeps the call stack that hooks.h describes: a Frame in each function that calls others.
#pragma once

#include "instrument/pass/select.h"
#include "instrument/pass/site_table.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/IRBuilder.h"

namespace raddle::pass {

class CallStack {
 public:
  CallStack(llvm::Function& function, SiteTable& sites) : function_(function), sites_(sites) {}

  // Gives the function its Frame and says at each call where it is. Without calls nothing is added.
  void follow(const Selection& selection);
  // Where a hook in front of `instruction` goes: a call says where it is before that.
  llvm::Instruction& before(llvm::Instruction& instruction);
  // Before a hook that the function itself calls: the state as at entry.
  void restore(llvm::IRBuilder<>& builder);
  // Null: no calls, so that there is nothing to restore.
  llvm::AllocaInst* frame() const { return frame_; }

 private:
  void enter();
  void before_call(llvm::CallBase& call, std::uint64_t constant);
  llvm::Value* field(llvm::IRBuilder<>& builder, unsigned index);
  llvm::Value* frame_field(llvm::IRBuilder<>& builder, unsigned index);

  llvm::Function& function_;
  SiteTable& sites_;
  llvm::AllocaInst* frame_ = nullptr;
  llvm::DenseMap<const llvm::Instruction*, llvm::Instruction*>
      places_;  // of calls: where that begins
};

}  // namespace raddle::pass
