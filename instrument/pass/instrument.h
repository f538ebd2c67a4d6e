// SPDX-License-Identifier: Apache-2.0
// Puts the hooks into a module.
#pragma once

#include "llvm/IR/PassManager.h"

namespace raddle::pass {

// What may be switched off, for tests: RADDLE_PASS="no-dominance,no-loops,no-groups,
// no-quiet-calls,no-once,no-filter,no-assembly" in the compiler's environment.
struct PassOptions {
  bool dominance = true;    // eliminate.h
  bool loops = true;        // loops.h
  bool groups = true;       // groups.h, where there is assembly
  bool quiet_calls = true;  // quiet_functions.h
  bool once = true;         // once.h, where there is assembly
  bool filter = true;       // the inlined check; off: every access calls its hook
  bool assembly = true;     // filter_assembly.h, where there is one for the processor
};
PassOptions options_from_environment();

class InstrumentPass : public llvm::PassInfoMixin<InstrumentPass> {
 public:
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
  // Also for -O0 and optnone.
  static bool isRequired() { return true; }  // NOLINT(readability-identifier-naming): LLVM's name
};

// At the start of the pipeline. Asks the optimizer, by ThreadSanitizer's own attribute, not to
// invent accesses that the source does not make (a speculated load would be a race that nobody
// wrote). And gives functions their full names in the debug information, where -gline-tables-only
// leaves them out: once inlined, that is all that is left of them.
class PreparePass : public llvm::PassInfoMixin<PreparePass> {
 public:
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
  static bool isRequired() { return true; }  // NOLINT(readability-identifier-naming): LLVM's name
};

}  // namespace raddle::pass
