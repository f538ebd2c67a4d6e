// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/select.h"

#include <algorithm>

#include "instrument/pass/assembly.h"
#include "instrument/pass/irregular.h"
#include "instrument/pass/library_calls.h"
#include "instrument/pass/quiet_functions.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"

namespace raddle::pass {
namespace {

// How far two pointers into a local lie apart says nothing of where it lies.
bool is_distance(const llvm::User& user, const llvm::Value* local) {
  const auto is_inside = [&](const llvm::Value* number) {
    const auto* cast = llvm::dyn_cast<llvm::PtrToIntInst>(number);
    if (cast == nullptr) return false;
    llvm::SmallVector<const llvm::Value*, 4> objects;
    llvm::getUnderlyingObjects(cast->getOperand(0), objects);
    return objects.size() == 1 && objects.front() == local;
  };
  return is_inside(&user) && llvm::all_of(user.users(), [&](const llvm::User* subtraction) {
           const auto* both = llvm::dyn_cast<llvm::BinaryOperator>(subtraction);
           return both != nullptr && both->getOpcode() == llvm::Instruction::Sub &&
                  is_inside(both->getOperand(0)) && is_inside(both->getOperand(1));
         });
}

// Assembly without instructions keeps no pointer: it tells the compiler that memory is looked at.
bool is_empty_assembly(const llvm::User& user) {
  const auto* call = llvm::dyn_cast<llvm::CallBase>(&user);
  if (call == nullptr || !call->getType()->isVoidTy()) return false;
  const auto* assembly = llvm::dyn_cast<llvm::InlineAsm>(call->getCalledOperand());
  return assembly != nullptr && assembly->getAsmString().empty();
}

class Captures : public llvm::CaptureTracker {
 public:
  explicit Captures(const llvm::Value* local) : local_(local) {}
  bool has_any() const { return has_any_; }
  void tooManyUses() override { has_any_ = true; }
#if LLVM_VERSION_MAJOR >= 21
  Action captured(const llvm::Use* use, llvm::UseCaptureInfo) override {
    return is_one(*use) ? Stop : ContinueIgnoringReturn;
  }
#else
  bool captured(const llvm::Use* use) override { return is_one(*use); }
#endif

 private:
  bool is_one(const llvm::Use& use) {
    if (is_distance(*use.getUser(), local_) || is_empty_assembly(*use.getUser())) return false;
    has_any_ = true;
    return true;
  }
  const llvm::Value* local_;
  bool has_any_ = false;
};

bool is_captured(const llvm::Value* local) {
  Captures captures(local);
  llvm::PointerMayBeCaptured(local, &captures);
  return captures.has_any();
}

// Whether the pointer is that of an entry of a virtual table.
bool is_of_vtable(const llvm::Value* pointer) {
  if (const auto* step = llvm::dyn_cast<llvm::GEPOperator>(pointer))
    pointer = step->getPointerOperand();
  const auto* load = llvm::dyn_cast<llvm::LoadInst>(pointer);
  const llvm::MDNode* tag =
      load == nullptr ? nullptr : load->getMetadata(llvm::LLVMContext::MD_tbaa);
  return tag != nullptr && tag->isTBAAVtableAccess();
}

bool is_plain_access(const llvm::Instruction& instruction) {
  return (llvm::isa<llvm::LoadInst>(instruction) || llvm::isa<llvm::StoreInst>(instruction)) &&
         !is_irregular(instruction);
}

bool is_compilers_own_object(const llvm::Value* object) {
  const auto* global = llvm::dyn_cast<llvm::GlobalVariable>(object);
  if (global == nullptr) return false;
  return global->getName().starts_with("__llvm") || global->getName().starts_with("__raddle") ||
         global->getSection().starts_with("__llvm_prf_");
}

bool is_private_object(const llvm::Value* object) {
  return llvm::isa<llvm::AllocaInst>(object) && !is_captured(object);
}

bool is_constant_object(const llvm::Value* object) {
  const auto* global = llvm::dyn_cast<llvm::GlobalVariable>(object);
  return global != nullptr && global->isConstant();
}

// What a pointer may point into: where it is chosen, or moves in a loop, each of these.
class Objects {
 public:
  explicit Objects(const llvm::Value* pointer) { llvm::getUnderlyingObjects(pointer, objects_); }

  template <typename Is>
  bool are_all(Is&& is) const {
    return !objects_.empty() && llvm::all_of(objects_, is);
  }

 private:
  llvm::SmallVector<const llvm::Value*, 4> objects_;
};

// A stretch is a part of a block without what ends one: unknown calls and atomics. Collected from
// its end: a load is left out when a store to the same place follows in the stretch: what races
// with the load (a write) races with the store too, and nothing in between tells others of the load
// alone.
class Stretch {
 public:
  explicit Stretch(const llvm::DataLayout& layout) : layout_(layout) {}

  void add(llvm::Instruction& instruction) { instructions_.push_back(&instruction); }

  void move_to(std::vector<MemoryAccess>& accesses) {
    const auto first = static_cast<std::ptrdiff_t>(accesses.size());
    written_.clear();
    for (auto it = instructions_.rbegin(); it != instructions_.rend(); ++it) {
      if (auto* memory = llvm::dyn_cast<llvm::MemIntrinsic>(*it)) {
        add_intrinsic(*memory, accesses);
      } else {
        add_plain(**it, accesses);
      }
    }
    std::reverse(accesses.begin() + first, accesses.end());
    instructions_.clear();
  }

 private:
  void add_plain(llvm::Instruction& instruction, std::vector<MemoryAccess>& accesses) {
    const llvm::TypeSize size = layout_.getTypeStoreSize(llvm::getLoadStoreType(&instruction));
    add_access({&instruction, llvm::getLoadStorePointerOperand(&instruction), size.getFixedValue(),
                llvm::getLoadStoreAlignment(&instruction).value(),
                llvm::isa<llvm::StoreInst>(instruction)},
               accesses);
  }

  void add_intrinsic(llvm::MemIntrinsic& memory, std::vector<MemoryAccess>& accesses) {
    const std::uint64_t bytes = llvm::cast<llvm::ConstantInt>(memory.getLength())->getZExtValue();
    add_access(
        {&memory, memory.getRawDest(), bytes, memory.getDestAlign().valueOrOne().value(), true},
        accesses);
    if (auto* transfer = llvm::dyn_cast<llvm::MemTransferInst>(&memory)) {
      add_access({&memory, transfer->getRawSource(), bytes,
                  transfer->getSourceAlign().valueOrOne().value(), false},
                 accesses);
    }
  }

  void add_access(const MemoryAccess& access, std::vector<MemoryAccess>& accesses) {
    if (access.size_bytes == 0) return;
    if (!access.is_write && written_.lookup(access.pointer) >= access.size_bytes) return;
    if (is_uninteresting(access.pointer, access.is_write)) return;
    accesses.push_back(access);
    if (access.is_write) written_[access.pointer] = access.size_bytes;
  }

  const llvm::DataLayout& layout_;
  std::vector<llvm::Instruction*> instructions_;
  llvm::DenseMap<llvm::Value*, std::uint64_t> written_;  // pointer -> bytes
};

// A memcpy and the like of a constant size is as good as a load and a store.
bool has_constant_size(const llvm::Instruction& instruction) {
  const auto* memory = llvm::dyn_cast<llvm::MemIntrinsic>(&instruction);
  return memory != nullptr && llvm::isa<llvm::ConstantInt>(memory->getLength());
}

}  // namespace

bool is_instrumentable(const llvm::Function& function) {
  return !function.isDeclaration() && !function.hasAvailableExternallyLinkage() &&
         !function.hasFnAttribute(llvm::Attribute::Naked) &&
         !function.hasFnAttribute(llvm::Attribute::DisableSanitizerInstrumentation) &&
         !function.isPresplitCoroutine() && !function.getName().starts_with("__raddle_") &&
         !function.getName().starts_with("asan.") && !function.getName().starts_with("tsan.");
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
  const AsmEffect::Kind assembly = asm_effect(instruction).kind;
  return llvm::isa<llvm::AtomicRMWInst>(instruction) ||
         llvm::isa<llvm::AtomicCmpXchgInst>(instruction) || is_atomic_call(instruction) ||
         assembly == AsmEffect::Kind::kAtomic || assembly == AsmEffect::Kind::kFence;
}

bool may_release(const llvm::Instruction& instruction) {
  return may_synchronize(instruction) && !llvm::isa<llvm::LoadInst>(instruction);
}

bool may_synchronize(const llvm::Instruction& instruction) {
  if (is_atomic(instruction)) return true;
  const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
  if (call == nullptr) return false;
  if (call->isInlineAsm()) return call->mayReadOrWriteMemory();
  const llvm::Function* callee = call->getCalledFunction();
  return !is_leaf_call(*call) && (callee == nullptr || !is_marked_quiet(*callee));
}

bool ends_stretch(const llvm::Instruction& instruction) {
  if (may_synchronize(instruction)) return true;
  const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
  return call != nullptr && !is_leaf_call(*call) &&
         !llvm::isGuaranteedToTransferExecutionToSuccessor(call);
}

bool is_private(llvm::Value* pointer) { return Objects(pointer).are_all(is_private_object); }

// Coverage counters are raced for by design. The optimizer joins updates of several into one whose
// pointer is a phi, and drops their "nosanitize" there.
bool is_uninteresting(llvm::Value* pointer, bool is_write) {
  if (pointer->getType()->getPointerAddressSpace() != 0 || pointer->isSwiftError()) return true;
  const Objects objects(pointer);
  return objects.are_all(is_compilers_own_object) || objects.are_all(is_private_object) ||
         (!is_write && (is_of_vtable(pointer) || objects.are_all(is_constant_object)));
}

Selection select(llvm::Function& function) {
  Selection selection;
  Stretch stretch(function.getParent()->getDataLayout());
  for (llvm::BasicBlock& block : function) {
    for (llvm::Instruction& instruction : block) {
      if (instruction.hasMetadata(llvm::LLVMContext::MD_nosanitize)) continue;
      if (llvm::isa<llvm::ReturnInst>(instruction) || llvm::isa<llvm::ResumeInst>(instruction)) {
        selection.returns.push_back(&instruction);
      }
      // An acquire ends a stretch too: a write ordered before the store that follows may race with
      // the load before it.
      if (ends_stretch(instruction)) stretch.move_to(selection.accesses);
      if (is_atomic(instruction)) {
        selection.atomics.push_back(&instruction);
      } else if (is_plain_access(instruction) || has_constant_size(instruction)) {
        stretch.add(instruction);
      } else {
        if (is_irregular(instruction)) selection.irregular.push_back(&instruction);
        auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
        if (call != nullptr && !is_leaf_call(*call)) selection.calls.push_back(call);
      }
    }
    stretch.move_to(selection.accesses);
  }
  return selection;
}

}  // namespace raddle::pass
