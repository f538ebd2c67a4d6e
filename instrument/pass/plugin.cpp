// SPDX-License-Identifier: Apache-2.0
// The door that clang opens for -fpass-plugin.
#include "instrument/pass/instrument.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Passes/PassBuilder.h"
#if LLVM_VERSION_MAJOR >= 22
#include "llvm/Plugins/PassPlugin.h"
#else
#include "llvm/Passes/PassPlugin.h"
#endif

namespace {

void add_passes(llvm::PassBuilder& builder) {
  using llvm::ModulePassManager;
  using llvm::OptimizationLevel;
  builder.registerPipelineStartEPCallback([](ModulePassManager& passes, OptimizationLevel) {
    passes.addPass(raddle::pass::PreparePass());
  });
  // Last, as ThreadSanitizer does: what the optimizer removed is not executed and needs no hook.
#if LLVM_VERSION_MAJOR >= 20
  builder.registerOptimizerLastEPCallback(
      [](ModulePassManager& passes, OptimizationLevel, llvm::ThinOrFullLTOPhase) {
        passes.addPass(raddle::pass::InstrumentPass());
      });
#else
  builder.registerOptimizerLastEPCallback([](ModulePassManager& passes, OptimizationLevel) {
    passes.addPass(raddle::pass::InstrumentPass());
  });
#endif
}

}  // namespace

extern "C" __attribute__((weak, visibility("default"))) llvm::PassPluginLibraryInfo
llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "raddle", "0.1", add_passes};
}
