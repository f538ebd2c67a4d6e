// SPDX-License-Identifier: Apache-2.0
// What is known of calls into libraries.
#pragma once

#include "llvm/IR/InstrTypes.h"

namespace raddle::pass {

// A call that neither leads back into instrumented code nor tells the runtime anything, always
// returns, lets no other task know what this one did, and takes or gives back no memory:
// intrinsics, inline assembly, and the string and mathematical functions of the C library.
bool is_leaf_call(const llvm::CallBase& call);

// An atomic operation of any size that the compiler left to the library (`__atomic_load` and its
// kin).
struct AtomicCall {
  enum class What { kLoad, kStore, kUpdate, kCompareExchange };
  What what = What::kLoad;
  llvm::Value* pointer = nullptr;
  llvm::Value* size_bytes = nullptr;
  llvm::Value* order = nullptr;          // on success, for a compare-exchange
  llvm::Value* failure_order = nullptr;  // only for a compare-exchange
};
bool is_atomic_call(const llvm::Instruction& instruction);
AtomicCall atomic_call(const llvm::CallBase& call);  // of a call that is one

}  // namespace raddle::pass
