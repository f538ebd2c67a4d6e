// SPDX-License-Identifier: Apache-2.0
// What in a function is worth a hook.
#pragma once

#include <cstdint>
#include <vector>

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"

namespace raddle::pass {

// A plain load or store of a known size.
struct MemoryAccess {
  llvm::Instruction* instruction = nullptr;
  llvm::Value* pointer = nullptr;
  std::uint64_t size_bytes = 0;
  bool is_write = false;
  bool is_aligned = false;  // to its own size, so that it lies in one granule
};

struct Selection {
  std::vector<MemoryAccess> accesses;
  std::vector<llvm::Instruction*> intrinsics;  // memcpy and its kin
  std::vector<llvm::Instruction*> atomics;     // fences too
  std::vector<llvm::CallBase*>
      calls;  // that may lead back into instrumented code or into the runtime
  std::vector<llvm::Instruction*>
      returns;  // where the function gives control back, not by an exception
  bool is_empty() const {
    return accesses.empty() && intrinsics.empty() && atomics.empty() && calls.empty();
  }
};

bool is_instrumentable(const llvm::Function& function);
Selection select(llvm::Function& function, const llvm::TargetLibraryInfo& library);

bool is_atomic(const llvm::Instruction& instruction);
// Whether others may know, after this instruction, what the task did before it; or memory may have
// changed hands. Between two accesses without such an instruction the later one is implied by the
// earlier (eliminate.h).
bool may_release(const llvm::Instruction& instruction, const llvm::TargetLibraryInfo& library);
// Memory that no other task can see: a local whose address never leaves the function.
bool is_private(llvm::Value* pointer);
bool is_constant(llvm::Value* pointer);
llvm::StringRef variable_of(llvm::Value* pointer);  // a global's name; empty if unknown

}  // namespace raddle::pass
