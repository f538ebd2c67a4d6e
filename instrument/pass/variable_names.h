// SPDX-License-Identifier: Apache-2.0
// What an access or a call is about, as the source names it: "statistics.bytes",
// "Account::balance".
#pragma once

#include <cstdint>
#include <string>

#include "instrument/pass/debug_types.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {

// Names come from debug information, and those of globals from the symbol table without it. What is
// reached through a pointer or `this` is named by its class, so that all who access a member call
// it the same; objects of the C++ library by the variable, without what is inside.
class VariableNames {
 public:
  explicit VariableNames(const llvm::Module& module)
      : layout_(module.getDataLayout()), types_(module) {}

  // What `instruction` accesses at `pointer`; empty if not known.
  std::string accessed(const llvm::Instruction& instruction, llvm::Value* pointer);
  // The object that a call into raddle, the C++ library or the C library makes or works on: "jobs"
  // for jobs.wait(), "accounts" for std::lock_guard(accounts). Empty for other calls.
  std::string called(const llvm::CallBase& call);

 private:
  Variable at(const llvm::Instruction& instruction, llvm::Value* pointer, std::uint64_t bytes,
              unsigned loads);
  Variable base(const llvm::Instruction& instruction, llvm::Value* base, std::uint64_t& offset,
                unsigned loads);
  std::string stored(const llvm::CallBase& call);
  std::string by_aliasing(const llvm::Instruction& instruction, std::uint64_t bytes);

  const llvm::DataLayout& layout_;
  DebugTypes types_;
};

}  // namespace raddle::pass
