// SPDX-License-Identifier: Apache-2.0
// Accesses of regular loops, recorded once for the whole loop instead of once an iteration.
#pragma once

#include <cstdint>
#include <vector>

#include "instrument/pass/select.h"
#include "llvm/IR/PassManager.h"

namespace raddle::pass {

// What to record in front of a loop.
struct LoopAccess {
  MemoryAccess access;                  // instruction: the one in the loop, for its site
  llvm::Instruction* at = nullptr;      // the end of the loop's preheader
  llvm::Value* lowest = nullptr;        // address
  llvm::Value* count = nullptr;         // accesses; 1 for a contiguous range
  llvm::Value* stride_bytes = nullptr;  // null: contiguous
  llvm::Value* bytes = nullptr;         // of one access, or of the range
};

// Takes out of `accesses` those that a loop makes at a constant stride in each of its iterations,
// and computes in the preheader what they cover. Proof that the records say the same: the loop has
// one exit, whose trip count is known on entry; the access is in every iteration (its block
// dominates latch and exit); every instruction of the loop passes control on, so no iteration is
// cut short; and none of them may release or acquire, so all of the loop's accesses lie between the
// same two synchronisations as the preheader's end.
std::vector<LoopAccess> take_loop_accesses(llvm::Function& function,
                                           llvm::FunctionAnalysisManager& analyses,
                                           std::vector<MemoryAccess>& accesses);

}  // namespace raddle::pass
