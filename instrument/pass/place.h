// SPDX-License-Identifier: Apache-2.0
// Where inserted code stands in the source.
#pragma once

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"

namespace raddle::pass {

// Inserts in front of `before` and says that it is a part of `like`: the verifier asks for a place
// of every inserted call in a function that has debug information.
class PlacedBuilder : public llvm::IRBuilder<> {
 public:
  PlacedBuilder(llvm::Instruction& before, const llvm::Instruction& like)
      : llvm::IRBuilder<>(&before) {
    if (like.getDebugLoc()) {
      SetCurrentDebugLocation(like.getDebugLoc());
    } else if (llvm::DISubprogram* subprogram = like.getFunction()->getSubprogram()) {
      SetCurrentDebugLocation(
          llvm::DILocation::get(subprogram->getContext(), subprogram->getLine(), 0, subprogram));
    }
  }
};

}  // namespace raddle::pass
