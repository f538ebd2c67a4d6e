// SPDX-License-Identifier: Apache-2.0
// The filter and the call of the hook in front of an access as one piece of inline assembly.
#pragma once

#include <cstdint>

#include "instrument/pass/call_stack.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {

// Whether the target is one for which there is such assembly.
bool has_filter_assembly(const llvm::Module& module);

struct FilteredAccess {
  llvm::Value* pointer = nullptr;
  std::uint64_t size_bytes = 0;  // 1, 2, 4, 8 or 16; not of a range
  bool is_write = false;
  llvm::Constant* site = nullptr;
  llvm::AllocaInst* frame = nullptr;  // CallStack::frame()
};

enum class FilterPlace : std::uint8_t {
  kInline,  // where it runs often
  kCalled,  // in the runtime: a fifth of the code
};

// The same of any number of bytes, a 64-bit value: there is no filter, the hook is called whenever
// something is recorded.
void add_range_assembly(llvm::IRBuilder<>& builder, const FilteredAccess& access,
                        llvm::Value* bytes);

void add_filter_assembly(llvm::IRBuilder<>& builder, const FilteredAccess& access,
                         FilterPlace place);

}  // namespace raddle::pass
