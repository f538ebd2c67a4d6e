// SPDX-License-Identifier: Apache-2.0
// Reads near each other that are looked up together.
#pragma once

#include <cstdint>
#include <vector>

#include "instrument/pass/select.h"

namespace raddle::pass {

// Reads of one block at constant distances from one value, within hooks::kMostGranules, with
// nothing between the first and the last that synchronises. So it can be asked in front of the
// first whether the filter knows them all, and what it does not know can be recorded there.
//
// Reads alone: where memory accesses are operations that others may come between (raddle explore
// --accesses), a writer is still found half done.
struct ReadGroup {
  struct Member {
    MemoryAccess access;
    std::int64_t offset = 0;  // from the base
  };
  llvm::Value* base = nullptr;
  std::int64_t lowest = 0;           // from the base to the begin of the first granule
  std::vector<Member> members;       // in the block's order
  llvm::AllocaInst* seen = nullptr;  // MemoryAccess
};

// Takes the reads that are in groups, of two or more, out of `accesses`. Only those that have a
// hook of their own (access_hooks.h) are.
std::vector<ReadGroup> take_groups(llvm::Function& function, std::vector<MemoryAccess>& accesses);

}  // namespace raddle::pass
