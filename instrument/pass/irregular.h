// SPDX-License-Identifier: Apache-2.0
// Accesses at other than one address, or of other than a constant size.
#pragma once

#include <vector>

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

namespace raddle::pass {

// memcpy and its kin of a size known only at run time, vectors under a mask, scattered or of a
// scalable size, arguments that a call copies, what library functions are given, plain operands of
// inline assembly.
bool is_irregular(const llvm::Instruction& instruction);

// A part of what such an instruction accesses.
struct IrregularPart {
  llvm::Value* pointer = nullptr;  // with lanes: to the first, or a vector with one for each
  llvm::Value* bytes = nullptr;    // i64; of one lane, if there are lanes
  llvm::Value* lanes = nullptr;    // i64, bit n: lane n is accessed. Null: there are no lanes
  bool is_write = false;
};

// What `builder` inserts computes sizes and lanes.
std::vector<IrregularPart> parts_of(llvm::Instruction& instruction, llvm::IRBuilder<>& builder);

}  // namespace raddle::pass
