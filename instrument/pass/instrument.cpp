// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/instrument.h"

#include <cstdlib>

#include "instrument/pass/access_hooks.h"
#include "instrument/pass/atomic_hooks.h"
#include "instrument/pass/call_stack.h"
#include "instrument/pass/eliminate.h"
#include "instrument/pass/groups.h"
#include "instrument/pass/hook_types.h"
#include "instrument/pass/library_order.h"
#include "instrument/pass/once.h"
#include "instrument/pass/quiet_functions.h"
#include "instrument/pass/select.h"
#include "instrument/pass/site_table.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

namespace raddle::pass {
namespace {

constexpr llvm::StringLiteral kDoneFlag = "raddle.instrumented";

// So that a link without the flag is told what it lacks: the name is the message. Linkers complain
// in the order of an object's sections, and .text is the first: there the reference is the first to
// be missed.
void require_runtime(llvm::Module& module) {
  llvm::FunctionCallee reminder = hook(module, "__raddle_link_with_the_same_config_flag");
  const llvm::Triple triple(module.getTargetTriple());
  if (triple.getArch() == llvm::Triple::x86_64 && triple.isOSBinFormatELF()) {
    module.appendModuleInlineAsm(".text\n.long __raddle_link_with_the_same_config_flag@PLT-.\n");
    return;
  }
  auto* target = llvm::cast<llvm::Constant>(reminder.getCallee());
  auto* reference =
      new llvm::GlobalVariable(module, target->getType(), false, llvm::GlobalValue::PrivateLinkage,
                               target, "raddle.reference");
  llvm::appendToUsed(module, {reference});
}

bool instrument(llvm::Function& function, llvm::FunctionAnalysisManager& analyses, SiteTable& sites,
                AccessHooks& hooks, const PassOptions& options) {
  if (!is_instrumentable(function)) return false;
  if (options.loops) prepare_loops(function, analyses);
  Selection selection = select(function);
  if (selection.is_empty()) return false;
  if (options.dominance) {
    selection.accesses = without_implied(function, std::move(selection.accesses));
  }
  std::vector<LoopAccess> ranges;
  if (options.loops) ranges = take_loop_accesses(function, analyses, selection.accesses);
  std::vector<ReadGroup> groups;
  if (options.groups && hooks.has_assembly()) groups = take_groups(function, selection.accesses);
  if (options.once && hooks.has_assembly()) {
    look_once(function, analyses, selection.accesses, groups);
  }
  // It calls hooks now, whatever the optimizer found out before.
  function.removeFnAttr(llvm::Attribute::Memory);
  function.removeFnAttr(llvm::Attribute::NoSync);
  function.removeFnAttr(llvm::Attribute::NoFree);
  CallStack stack(function, sites);
  stack.follow(selection);
  for (const LoopAccess& range : ranges) hooks.loop(range, stack);
  for (const ReadGroup& group : groups) hooks.group(group, stack);
  for (const MemoryAccess& access : selection.accesses) hooks.access(access, stack);
  for (llvm::Instruction* irregular : selection.irregular) hooks.irregular(*irregular, stack);
  for (llvm::Instruction* atomic : selection.atomics) add_atomic_hooks(*atomic, sites, stack);
  return true;
}

}  // namespace

PassOptions options_from_environment() {
  const char* text = std::getenv("RADDLE_PASS");
  const llvm::StringRef given = text == nullptr ? "" : text;
  return {.dominance = !given.contains("no-dominance"),
          .loops = !given.contains("no-loops"),
          .groups = !given.contains("no-groups"),
          .quiet_calls = !given.contains("no-quiet-calls"),
          .once = !given.contains("no-once"),
          .filter = !given.contains("no-filter"),
          .assembly = !given.contains("no-assembly")};
}

llvm::PreservedAnalyses InstrumentPass::run(llvm::Module& module,
                                            llvm::ModuleAnalysisManager& analyses) {
  // The flag given twice, or an object made for both LTO and plain linking, brings the module here
  // twice.
  if (module.getModuleFlag(kDoneFlag) != nullptr) return llvm::PreservedAnalyses::all();
  module.addModuleFlag(llvm::Module::Max, kDoneFlag, 1);
  auto& functions =
      analyses.getResult<llvm::FunctionAnalysisManagerModuleProxy>(module).getManager();
  const PassOptions options = options_from_environment();
  SiteTable sites(module);
  AccessHooks hooks(module, sites, options);
  for (llvm::Function& function : module) {
    if (is_instrumentable(function) && add_library_order(function)) {
      functions.invalidate(function, llvm::PreservedAnalyses::none());
    }
  }
  if (options.quiet_calls) mark_quiet_functions(module);
  bool has_hooks = false;
  std::vector<llvm::Function*> all;
  for (llvm::Function& function : module) all.push_back(&function);  // hooks are added on the way
  for (llvm::Function* function : all) {
    if (function->isDeclaration()) continue;
    has_hooks = instrument(*function, functions, sites, hooks, options) || has_hooks;
  }
  if (has_hooks) require_runtime(module);
  forget_quiet_functions(module);
  return llvm::PreservedAnalyses::none();
}

llvm::PreservedAnalyses PreparePass::run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
  for (llvm::Function& function : module) {
    if (!is_instrumentable(function)) continue;
    function.addFnAttr(llvm::Attribute::SanitizeThread);
    llvm::DISubprogram* subprogram = function.getSubprogram();
    if (subprogram == nullptr || !subprogram->getLinkageName().empty()) continue;
    if (subprogram->getName() == function.getName()) continue;
    subprogram->replaceLinkageName(llvm::MDString::get(module.getContext(), function.getName()));
  }
  return llvm::PreservedAnalyses::none();
}

}  // namespace raddle::pass
