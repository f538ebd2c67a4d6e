// SPDX-License-Identifier: Apache-2.0
// What in a function is worth a hook.
#pragma once

#include <cstdint>
#include <vector>

#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"

namespace raddle::pass {

// A plain load or store, or a memcpy's half, of a known size.
struct MemoryAccess {
  llvm::Instruction* instruction = nullptr;
  llvm::Value* pointer = nullptr;
  std::uint64_t size_bytes = 0;
  std::uint64_t alignment_bytes = 1;
  bool is_write = false;
  llvm::AllocaInst* seen = nullptr;  // once.h; null: it is looked up each time
};

struct Selection {
  std::vector<MemoryAccess> accesses;
  std::vector<llvm::Instruction*> irregular;  // irregular.h
  std::vector<llvm::Instruction*> atomics;    // fences and library calls too
  std::vector<llvm::CallBase*>
      calls;  // that may lead back into instrumented code or into the runtime
  std::vector<llvm::Instruction*> returns;  // where the function gives control back; by an
                                            // exception only if it has a handler or clean-up
  bool is_empty() const {
    return accesses.empty() && irregular.empty() && atomics.empty() && calls.empty();
  }
};

bool is_instrumentable(const llvm::Function& function);
Selection select(llvm::Function& function);

bool is_atomic(const llvm::Instruction& instruction);
// Whether others may know, after this instruction, what the task did before it; or memory may have
// changed hands. Between two accesses without such an instruction the later one is implied by the
// earlier (eliminate.h).
bool may_release(const llvm::Instruction& instruction);
// Whether it may also learn of what others did: any atomic, any call that may release.
bool may_synchronize(const llvm::Instruction& instruction);
// Whether what follows is done at another time: it synchronises, or is a call from which control
// may not come back.
bool ends_stretch(const llvm::Instruction& instruction);
// Memory that no other task can see: a local, or one of several, whose address never leaves the
// function.
bool is_private(llvm::Value* pointer);
// Whether such an access is nobody else's concern, or not ours.
bool is_uninteresting(llvm::Value* pointer, bool is_write);

}  // namespace raddle::pass
