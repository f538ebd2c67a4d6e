// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/quiet_functions.h"

#include <vector>

#include "instrument/pass/select.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/IntrinsicInst.h"

namespace raddle::pass {
namespace {

constexpr llvm::StringLiteral kQuiet = "raddle-quiet";

bool is_what_runs(const llvm::Function& function) {
  return !function.isDeclaration() && function.isDefinitionExact() && function.isDSOLocal() &&
         !function.isPresplitCoroutine() && !function.hasFnAttribute(llvm::Attribute::Naked);
}

using Callees = llvm::SmallVector<const llvm::Function*, 8>;

// Goes on in a caller that has synchronised since: nothing may be known there behind it.
bool leaps(const llvm::Instruction& instruction) {
  const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
  return call != nullptr && call->getIntrinsicID() == llvm::Intrinsic::eh_sjlj_longjmp;
}

// Whether the function synchronises by itself; if not, `callees` gets those that it depends on.
bool is_loud(const llvm::Function& function, Callees& callees) {
  for (const llvm::BasicBlock& block : function) {
    for (const llvm::Instruction& instruction : block) {
      if (leaps(instruction)) return true;
      if (!may_synchronize(instruction)) continue;
      const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
      const llvm::Function* callee = call == nullptr ? nullptr : call->getCalledFunction();
      if (callee == nullptr || is_atomic(instruction) || !is_what_runs(*callee)) return true;
      callees.push_back(callee);
    }
  }
  return false;
}

}  // namespace

// All are taken for quiet until one is found that is not, and then what calls it: so those that
// call each other are judged together.
void mark_quiet_functions(llvm::Module& module) {
  llvm::DenseMap<const llvm::Function*, llvm::SmallVector<const llvm::Function*, 4>> callers;
  llvm::DenseSet<const llvm::Function*> loud;
  std::vector<const llvm::Function*> found;
  const auto note_loud = [&](const llvm::Function* function) {
    if (loud.insert(function).second) found.push_back(function);
  };
  for (const llvm::Function& function : module) {
    if (!is_what_runs(function)) continue;
    Callees callees;
    if (is_loud(function, callees)) note_loud(&function);
    for (const llvm::Function* callee : callees) callers[callee].push_back(&function);
  }
  while (!found.empty()) {
    const llvm::Function* function = found.back();
    found.pop_back();
    for (const llvm::Function* caller : callers.lookup(function)) note_loud(caller);
  }
  for (llvm::Function& function : module) {
    if (is_what_runs(function) && !loud.contains(&function)) function.addFnAttr(kQuiet);
  }
}

bool is_marked_quiet(const llvm::Function& function) { return function.hasFnAttribute(kQuiet); }

void forget_quiet_functions(llvm::Module& module) {
  for (llvm::Function& function : module) function.removeFnAttr(kQuiet);
}

}  // namespace raddle::pass
