// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/select.h"

#include <algorithm>

#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"

namespace raddle::pass {
namespace {

bool is_captured(llvm::Value* local) {
#if LLVM_VERSION_MAJOR >= 21
  return llvm::PointerMayBeCaptured(local, /*ReturnCaptures=*/true);
#else
  return llvm::PointerMayBeCaptured(local, /*ReturnCaptures=*/true, /*StoreCaptures=*/true);
#endif
}

bool is_vtable_load(const llvm::Instruction& instruction) {
  const llvm::MDNode* tag = instruction.getMetadata(llvm::LLVMContext::MD_tbaa);
  return tag != nullptr && tag->isTBAAVtableAccess();
}

bool is_allocation(const llvm::Function& function, const llvm::TargetLibraryInfo& library) {
  llvm::LibFunc known;
  if (!library.getLibFunc(function, known)) return false;
  const llvm::StringRef name = function.getName();
  return name.starts_with("_Zn") || name.starts_with("_Zd") || name.contains("alloc") ||
         name.contains("memalign") || name == "free" || name == "strdup" || name == "strndup";
}

// Library functions that neither call back nor tell the runtime anything need no frame on the
// stack.
bool is_leaf_library_call(const llvm::CallBase& call, const llvm::TargetLibraryInfo& library) {
  if (llvm::isa<llvm::IntrinsicInst>(call) || call.isInlineAsm()) return true;
  const llvm::Function* callee = call.getCalledFunction();
  if (callee == nullptr || !callee->isDeclaration()) return false;
  llvm::LibFunc known;
  return library.getLibFunc(*callee, known) && !is_allocation(*callee, library);
}

bool is_plain_access(const llvm::Instruction& instruction) {
  return llvm::isa<llvm::LoadInst>(instruction) || llvm::isa<llvm::StoreInst>(instruction);
}

bool is_compilers_own(llvm::Value* pointer) {
  const auto* global = llvm::dyn_cast<llvm::GlobalVariable>(llvm::getUnderlyingObject(pointer));
  return global != nullptr &&
         (global->getName().starts_with("__llvm") || global->getName().starts_with("__raddle"));
}

// Adds the accesses of a stretch without calls. A load is left out when a store to the same place
// follows in the stretch: what races with the load (a write) races with the store too, and nothing
// in between tells others of the load alone.
void add_stretch(std::vector<llvm::Instruction*>& stretch, const llvm::DataLayout& layout,
                 std::vector<MemoryAccess>& accesses) {
  llvm::DenseMap<llvm::Value*, std::uint64_t> written;  // pointer -> bytes
  const std::size_t first = accesses.size();
  for (auto it = stretch.rbegin(); it != stretch.rend(); ++it) {
    llvm::Instruction* instruction = *it;
    llvm::Value* pointer = llvm::getLoadStorePointerOperand(instruction);
    if (pointer->getType()->getPointerAddressSpace() != 0 || pointer->isSwiftError()) continue;
    llvm::Type* type = llvm::getLoadStoreType(instruction);
    const llvm::TypeSize size = layout.getTypeStoreSize(type);
    if (size.isScalable() || size.isZero()) continue;
    const std::uint64_t bytes = size.getFixedValue();
    const bool is_write = llvm::isa<llvm::StoreInst>(instruction);
    if (!is_write && written.lookup(pointer) >= bytes) continue;
    if (is_private(pointer) || is_compilers_own(pointer)) continue;
    if (!is_write && is_constant(pointer)) continue;
    const llvm::Align alignment = llvm::getLoadStoreAlignment(instruction);
    accesses.push_back({instruction, pointer, bytes, is_write,
                        alignment.value() >= std::min<std::uint64_t>(bytes, 8)});
    if (is_write) written[pointer] = bytes;
  }
  std::reverse(accesses.begin() + static_cast<std::ptrdiff_t>(first), accesses.end());
  stretch.clear();
}

void add_call(llvm::CallBase& call, const llvm::TargetLibraryInfo& library, Selection& selection) {
  if (llvm::isa<llvm::MemIntrinsic>(call)) {
    selection.intrinsics.push_back(&call);
  } else if (!is_leaf_library_call(call, library)) {
    selection.calls.push_back(&call);
  }
}

}  // namespace

bool is_instrumentable(const llvm::Function& function) {
  return !function.isDeclaration() && !function.hasAvailableExternallyLinkage() &&
         !function.hasFnAttribute(llvm::Attribute::Naked) &&
         !function.hasFnAttribute(llvm::Attribute::DisableSanitizerInstrumentation) &&
         !function.getName().starts_with("__raddle_") && !function.getName().starts_with("asan.") &&
         !function.getName().starts_with("tsan.");
}

bool is_atomic(const llvm::Instruction& instruction) {
  if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
    return load->isAtomic() && load->getSyncScopeID() != llvm::SyncScope::SingleThread;
  }
  if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
    return store->isAtomic() && store->getSyncScopeID() != llvm::SyncScope::SingleThread;
  }
  if (const auto* fence = llvm::dyn_cast<llvm::FenceInst>(&instruction)) {
    return fence->getSyncScopeID() != llvm::SyncScope::SingleThread;
  }
  return llvm::isa<llvm::AtomicRMWInst>(instruction) ||
         llvm::isa<llvm::AtomicCmpXchgInst>(instruction);
}

bool may_release(const llvm::Instruction& instruction, const llvm::TargetLibraryInfo& library) {
  if (is_atomic(instruction)) return !llvm::isa<llvm::LoadInst>(instruction);
  const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
  if (call == nullptr || llvm::isa<llvm::IntrinsicInst>(call)) return false;
  if (call->isInlineAsm()) return call->mayReadOrWriteMemory();
  if (const llvm::Function* callee = call->getCalledFunction()) {
    if (is_allocation(*callee, library)) return true;  // the memory may be another's next time
    if (is_leaf_library_call(*call, library)) return false;
  }
  return true;
}

bool is_private(llvm::Value* pointer) {
  llvm::Value* object = llvm::getUnderlyingObject(pointer);
  return llvm::isa<llvm::AllocaInst>(object) && !is_captured(object);
}

bool is_constant(llvm::Value* pointer) {
  if (auto* step = llvm::dyn_cast<llvm::GEPOperator>(pointer)) pointer = step->getPointerOperand();
  if (const auto* global = llvm::dyn_cast<llvm::GlobalVariable>(pointer))
    return global->isConstant();
  const auto* load = llvm::dyn_cast<llvm::LoadInst>(pointer);
  return load != nullptr && is_vtable_load(*load);  // an entry of a virtual table
}

llvm::StringRef variable_of(llvm::Value* pointer) {
  const auto* global = llvm::dyn_cast<llvm::GlobalVariable>(llvm::getUnderlyingObject(pointer));
  return global != nullptr && !global->hasPrivateLinkage() ? global->getName() : llvm::StringRef{};
}

Selection select(llvm::Function& function, const llvm::TargetLibraryInfo& library) {
  const llvm::DataLayout& layout = function.getParent()->getDataLayout();
  Selection selection;
  std::vector<llvm::Instruction*> stretch;
  for (llvm::BasicBlock& block : function) {
    for (llvm::Instruction& instruction : block) {
      if (instruction.hasMetadata(llvm::LLVMContext::MD_nosanitize)) continue;
      if (llvm::isa<llvm::ReturnInst>(instruction)) selection.returns.push_back(&instruction);
      if (is_atomic(instruction)) {
        selection.atomics.push_back(&instruction);
      } else if (is_plain_access(instruction)) {
        stretch.push_back(&instruction);
        continue;
      } else if (auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction)) {
        add_call(*call, library, selection);
      } else {
        continue;
      }
      // An acquire ends a stretch too: a write ordered before the store that follows may race with
      // the load before it.
      const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
      const bool is_quiet = call != nullptr && is_leaf_library_call(*call, library);
      if (!is_quiet) add_stretch(stretch, layout, selection.accesses);
    }
    add_stretch(stretch, layout, selection.accesses);
  }
  return selection;
}

}  // namespace raddle::pass
