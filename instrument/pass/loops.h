// SPDX-License-Identifier: Apache-2.0
// Accesses of regular loops, recorded once for the whole loop instead of once an iteration.
#pragma once

#include <cstdint>
#include <vector>

#include "instrument/pass/select.h"
#include "llvm/IR/PassManager.h"

namespace raddle::pass {

// What to record in front of a loop: `count` accesses of `bytes` bytes, `stride_bytes` apart, from
// `lowest` on.
struct LoopAccess {
  MemoryAccess access;                  // instruction: the one in the loop, for its site
  llvm::Instruction* at = nullptr;      // the end of the loop's preheader
  llvm::Value* lowest = nullptr;        // address
  llvm::Value* count = nullptr;         // null: one
  llvm::Value* stride_bytes = nullptr;  // > 0; null with a null count
  llvm::Value* bytes = nullptr;
};

// Gives every loop a preheader. Before anything else looks at the function.
void prepare_loops(llvm::Function& function, llvm::FunctionAnalysisManager& analyses);

// Takes out of `accesses` those that a loop makes in each of its iterations, at an address that
// stays or moves by a constant, and computes in the preheader what they cover; so on for the loop
// round it. Proof that the records say the same:
// - Quiet: no instruction of the loop may release or acquire, so all of its accesses lie between
// the same two
//   synchronisations as the preheader's end.
// - The access is made in every iteration: its block dominates latches and exits, and every
// instruction of the loop passes
//   control on, so no iteration is cut short. A loop that the preheader enters has at least one.
// - The address stays the same: one record says it, whatever the number of iterations.
// - It moves: the loop has one exit, whose trip count is known on entry, and covers exactly trip
// count times its step.
// - Loops inside end: their trip counts are known, or the function must make progress.
std::vector<LoopAccess> take_loop_accesses(llvm::Function& function,
                                           llvm::FunctionAnalysisManager& analyses,
                                           std::vector<MemoryAccess>& accesses);

}  // namespace raddle::pass
