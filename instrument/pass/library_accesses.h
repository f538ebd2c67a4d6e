// SPDX-License-Identifier: Apache-2.0
// What functions of the C and C++ libraries, which are not instrumented, do with memory that they
// are given: strings, buffers, and the nodes of std::map, std::set and std::list.
#pragma once

#include <vector>

#include "instrument/pass/irregular.h"
#include "llvm/IR/InstrTypes.h"

namespace raddle::pass {

// No more than the function is sure to access: what depends on the data is left out where it cannot
// be told from outside.
bool has_library_accesses(const llvm::Instruction& instruction);

// For one that has. In front of the call what it reads, and writes whatever it finds; behind it
// what its result tells the size of: a read() that acquires comes before what it filled.
std::vector<IrregularPart> library_parts(llvm::Instruction& instruction,
                                         llvm::IRBuilder<>& builder);
std::vector<IrregularPart> library_results(llvm::Instruction& instruction,
                                           llvm::IRBuilder<>& builder);
bool has_library_results(const llvm::Instruction& instruction);

}  // namespace raddle::pass
