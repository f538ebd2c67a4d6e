// SPDX-License-Identifier: Apache-2.0
// What inline assembly does to memory, as far as its operands tell.
#pragma once

#include <cstdint>
#include <vector>

#include "llvm/IR/Instructions.h"

namespace raddle::pass {

// An operand in memory.
struct AsmOperand {
  llvm::Value* pointer = nullptr;
  std::uint64_t size_bytes = 0;
  bool is_read = false, is_write = false;
};

struct AsmEffect {
  // kPlain: each operand is an access like any other. kAtomic: the author synchronises by it, as a
  // lock prefix, an exclusive load or a clobber of memory says: a plain access there would be a
  // race that nobody sees in the source. kFence: a barrier without an operand.
  enum class Kind : std::uint8_t { kNothing, kPlain, kAtomic, kFence };
  Kind kind = Kind::kNothing;
  std::vector<AsmOperand> operands;  // kAtomic: one
  unsigned order = 0;                // of kAtomic and kFence: its number in <atomic>
};

// kNothing for what is no inline assembly, too.
AsmEffect asm_effect(const llvm::Instruction& instruction);

}  // namespace raddle::pass
