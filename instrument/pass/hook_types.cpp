// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/hook_types.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/Attributes.h"
#include "llvm/Support/ErrorHandling.h"

namespace raddle::pass {
namespace {

// NOLINTNEXTLINE(readability-identifier-naming): the words of hooks.def
enum class HookType { Void, Ptr, I8, I32, I64 };

struct Hook {
  llvm::StringRef name;
  HookType result;
  llvm::SmallVector<HookType, 6> arguments;
};

llvm::ArrayRef<Hook> hooks() {
  using enum HookType;
  static const Hook kHooks[] = {
#define RADDLE_HOOK(result, name, ...) {#name, result, {__VA_ARGS__}},
#include "runtime/hooks/hooks.def"
#undef RADDLE_HOOK
  };
  return kHooks;
}

llvm::Type* type_of(HookType type, llvm::LLVMContext& context) {
  switch (type) {
    case HookType::Void:
      return llvm::Type::getVoidTy(context);
    case HookType::Ptr:
      return llvm::PointerType::get(context, 0);
    case HookType::I8:
      return llvm::Type::getInt8Ty(context);
    case HookType::I32:
      return llvm::Type::getInt32Ty(context);
    case HookType::I64:
      return llvm::Type::getInt64Ty(context);
  }
  llvm_unreachable("raddle internal bug: hook type");
}

}  // namespace

llvm::FunctionCallee hook(llvm::Module& module, llvm::StringRef name) {
  llvm::LLVMContext& context = module.getContext();
  for (const Hook& known : hooks()) {
    if (known.name != name) continue;
    llvm::SmallVector<llvm::Type*, 6> arguments;
    for (const HookType type : known.arguments) arguments.push_back(type_of(type, context));
    auto* type = llvm::FunctionType::get(type_of(known.result, context), arguments, false);
    auto attributes =
        llvm::AttributeList::get(context, llvm::AttributeList::FunctionIndex,
                                 {llvm::Attribute::NoUnwind, llvm::Attribute::NoCallback});
    return module.getOrInsertFunction(name, type, attributes);
  }
  llvm::report_fatal_error("raddle internal bug: no such hook: " + llvm::Twine(name));
}

llvm::StructType* thread_state_type(llvm::LLVMContext& context) {
  auto* pointer = llvm::PointerType::get(context, 0);
  auto* word = llvm::Type::getInt64Ty(context);
  return llvm::StructType::get(context, {pointer, word, pointer, word, word, word});
}

llvm::GlobalVariable* thread_state(llvm::Module& module) {
  constexpr llvm::StringLiteral kName = "__raddle_thread";
  if (auto* known = module.getGlobalVariable(kName)) return known;
  // Initial-exec: libraddle.so is loaded at start, so its thread-local block is at a fixed distance
  // from the thread pointer.
  return new llvm::GlobalVariable(module, thread_state_type(module.getContext()), false,
                                  llvm::GlobalValue::ExternalLinkage, nullptr, kName, nullptr,
                                  llvm::GlobalValue::InitialExecTLSModel);
}

}  // namespace raddle::pass
