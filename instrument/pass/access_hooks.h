// SPDX-License-Identifier: Apache-2.0
// The code in front of an access: the inlined filter, and the call of a hook when the filter does
// not know the access.
#pragma once

#include "instrument/pass/call_stack.h"
#include "instrument/pass/filter_assembly.h"
#include "instrument/pass/groups.h"
#include "instrument/pass/instrument.h"
#include "instrument/pass/irregular.h"
#include "instrument/pass/loops.h"
#include "instrument/pass/select.h"
#include "instrument/pass/site_table.h"

namespace raddle::pass {

// Whether there is a hook for its size, whose filter looks at one granule, or at two.
bool has_own_hook(const MemoryAccess& access);
// Whether one that has is sure to lie in these alone: else the hook must see.
bool fits_granules(const MemoryAccess& access);
// An access of a few bytes that has no hook of its own, or has one whose filter does not find it,
// is looked up in parts that have: others are ranges, which the hook must look up.
std::vector<MemoryAccess> parts_of(const MemoryAccess& access);
// Code that is to be small, or that handles and raises errors.
bool is_rare(const llvm::Instruction& instruction);

class AccessHooks {
 public:
  AccessHooks(llvm::Module& module, SiteTable& sites, const PassOptions& options)
      : module_(module),
        sites_(sites),
        options_(options),
        has_assembly_(options.filter && options.assembly && has_filter_assembly(module)) {}

  // Whether there are hooks for groups, and words for what has been seen (once.h).
  bool has_assembly() const { return has_assembly_; }

  void access(const MemoryAccess& access, CallStack& stack);
  void group(const ReadGroup& group, CallStack& stack);
  void loop(const LoopAccess& range, CallStack& stack);
  void irregular(llvm::Instruction& instruction, CallStack& stack);

 private:
  void part_at(llvm::Instruction& before, const MemoryAccess& access, llvm::Value* pointer,
               CallStack& stack);
  // In front of `before`, which may stand before the access itself.
  void access_at(llvm::Instruction& before, const MemoryAccess& access, llvm::Value* pointer,
                 CallStack& stack);
  void range_at(llvm::Instruction& before, const MemoryAccess& access, llvm::Value* pointer,
                llvm::Value* bytes, CallStack& stack);
  void parts_at(llvm::IRBuilder<>& builder, llvm::Instruction& instruction,
                const std::vector<IrregularPart>& parts);
  void lanes_at(llvm::IRBuilder<>& builder, llvm::Instruction& instruction,
                const IrregularPart& part);
  // A place in front of `before` that is reached only while this thread records; `filter` gets the
  // thread's filter.
  llvm::Instruction* when_recording(llvm::Instruction& before, const llvm::Instruction& like,
                                    llvm::Value*& filter);
  llvm::Value* difference(llvm::IRBuilder<>& builder, llvm::Value* filter, llvm::Value* address,
                          std::uint64_t bytes, bool is_write);
  llvm::Value* is_unknown(llvm::IRBuilder<>& builder, llvm::Value* filter, llvm::Value* pointer,
                          const MemoryAccess& access);

  llvm::Module& module_;
  SiteTable& sites_;
  const PassOptions& options_;
  bool has_assembly_;
};

}  // namespace raddle::pass
