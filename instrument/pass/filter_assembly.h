// SPDX-License-Identifier: Apache-2.0
// The filter and the call of the hook in front of an access as one piece of inline assembly.
#pragma once

#include <cstdint>

#include "instrument/pass/call_stack.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "runtime/hooks/hooks.h"

namespace raddle::pass {

// Whether the target is one for which there is such assembly.
bool has_filter_assembly(const llvm::Module& module);

struct FilteredAccess {
  llvm::Value* base = nullptr;
  std::int32_t offset = 0;       // of the address from the base; none of a range
  std::uint64_t size_bytes = 0;  // 1, 2, 4, 8 or 16; not of a range
  bool is_write = false;
  bool is_aligned = true;  // it is sure to lie in one granule, or in two whole ones
  llvm::Constant* site = nullptr;
  llvm::AllocaInst* frame = nullptr;  // CallStack::frame()
  llvm::AllocaInst* seen = nullptr;   // MemoryAccess
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

// Reads that are looked up together (groups.h).
struct FilteredGroup {
  llvm::Value* base = nullptr;
  std::int64_t lowest = 0;                        // from the base to the begin of the first granule
  std::uint8_t bytes[hooks::kMostGranules] = {};  // of each granule, a bit for each that is read
  llvm::Constant* description = nullptr;          // a hooks::Group
  llvm::AllocaInst* frame = nullptr;
  llvm::AllocaInst* seen = nullptr;  // ReadGroup

  // `distance`: from the first granule.
  void add(std::int64_t distance, std::uint64_t size_bytes) {
    for (std::uint64_t i = 0; i < size_bytes; ++i, ++distance) {
      bytes[distance / 8] |= static_cast<std::uint8_t>(1U << (distance % 8));
    }
  }
};
void add_group_assembly(llvm::IRBuilder<>& builder, const FilteredGroup& group);

}  // namespace raddle::pass
