// SPDX-License-Identifier: Apache-2.0
// Accesses in loops at an address that stays: looked up once for as long as the filter forgets
// nothing.
#pragma once

#include <vector>

#include "instrument/pass/groups.h"
#include "instrument/pass/select.h"
#include "llvm/IR/PassManager.h"

namespace raddle::pass {

// Gives accesses and groups, where that pays, a word in the frame. In front of
// the loop it is 0. A look notes in it the thread's tick (hooks.h), read before, and is left out
// where the word is the tick already. Proof that nothing is lost: where something is recorded
// the tick is not 0, no two such threads have the same, and a thread has one no longer from the
// time on when its filter forgets something, begins to know or stops. So an equal tick says that a
// look at the same address, for as many bytes and as strong, has been made or begun by this thread
// with this filter: the address has stayed the same, for the word has been 0 since the loop that it
// is invariant in was entered, and who notes in the same word looks at the same bytes. What that
// look found, or a hook learnt, the filter still knows; or nothing was recorded then, nor is now. A
// handler of a signal that comes between the reading of the tick and the look, and synchronises,
// leaves an older tick in the word: one more look.
//
// It pays in a loop in which nothing synchronises, so that the tick stays the same.
void look_once(llvm::Function& function, llvm::FunctionAnalysisManager& analyses,
               std::vector<MemoryAccess>& accesses, std::vector<ReadGroup>& groups);

}  // namespace raddle::pass
