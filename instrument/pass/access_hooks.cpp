// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/access_hooks.h"

#include "instrument/pass/hook_types.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "runtime/hooks/hooks.h"

namespace raddle::pass {
namespace {

// An inserted call needs a place in functions that have debug information.
void place(llvm::IRBuilder<>& builder, const llvm::Instruction& like) {
  if (like.getDebugLoc()) {
    builder.SetCurrentDebugLocation(like.getDebugLoc());
  } else if (llvm::DISubprogram* subprogram = like.getFunction()->getSubprogram()) {
    builder.SetCurrentDebugLocation(
        llvm::DILocation::get(subprogram->getContext(), subprogram->getLine(), 0, subprogram));
  }
}

// <atomic>'s number of a memory order.
int number_of(llvm::AtomicOrdering order) {
  const auto number = static_cast<int>(llvm::toCABI(
      order == llvm::AtomicOrdering::Unordered ? llvm::AtomicOrdering::Monotonic : order));
  return number;
}

llvm::MDNode* rarely(llvm::LLVMContext& context) {
  return llvm::MDBuilder(context).createBranchWeights(1, 2000);
}

// One of the sizes that have a hook, and in one granule whatever the address.
bool has_own_hook(const MemoryAccess& access) {
  const std::uint64_t bytes = access.size_bytes;
  return access.is_aligned && (bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8);
}

}  // namespace

// hooks.h, ThreadState: the entry must have the granule's tag, this epoch and all bits of the
// access.
llvm::Value* AccessHooks::is_unknown(llvm::IRBuilder<>& builder, llvm::Value* filter,
                                     const MemoryAccess& access) {
  auto* word = builder.getInt64Ty();
  llvm::Value* address = builder.CreatePtrToInt(access.pointer, word);
  llvm::Value* granule = builder.CreateLShr(address, 3);
  llvm::Value* index = builder.CreateAnd(granule, hooks::kFilterEntries - 1);
  llvm::Value* entry = builder.CreateLoad(word, builder.CreateInBoundsGEP(word, filter, index));
  llvm::Value* tag =
      builder.CreateShl(builder.CreateLShr(granule, hooks::kFilterBits), hooks::kEpochBits + 16);
  auto* state = thread_state(module_);
  llvm::Value* epoch = builder.CreateLoad(
      word, builder.CreateStructGEP(thread_state_type(module_.getContext()), state, kEpoch));
  const std::uint64_t reads = (std::uint64_t{1} << access.size_bytes) - 1;
  llvm::Value* mask = builder.getInt64(access.is_write ? reads | (reads << 8) : reads);
  if (access.size_bytes < 8) mask = builder.CreateShl(mask, builder.CreateAnd(address, 7));
  llvm::Value* wanted = builder.CreateOr(builder.CreateOr(tag, epoch), mask);
  llvm::Value* care = builder.CreateOr(mask, builder.getInt64(~std::uint64_t{0xffff}));
  llvm::Value* difference = builder.CreateAnd(builder.CreateXor(entry, wanted), care);
  return builder.CreateICmpNE(difference, builder.getInt64(0));
}

void AccessHooks::access(const MemoryAccess& access, CallStack& stack) {
  llvm::IRBuilder<> builder(access.instruction);
  place(builder, *access.instruction);
  if (!has_own_hook(access)) {
    return range(*access.instruction, access.pointer, builder.getInt64(access.size_bytes),
                 access.is_write, stack);
  }
  auto* state = thread_state(module_);
  auto* type = thread_state_type(module_.getContext());
  llvm::Value* filter =
      builder.CreateLoad(builder.getPtrTy(), builder.CreateStructGEP(type, state, kFilter));
  llvm::Instruction* then =
      llvm::SplitBlockAndInsertIfThen(builder.CreateIsNotNull(filter), access.instruction, false);
  if (options_.filter) {
    llvm::IRBuilder<> check(then);
    place(check, *access.instruction);
    then = llvm::SplitBlockAndInsertIfThen(is_unknown(check, filter, access), then, false,
                                           rarely(module_.getContext()));
  }
  llvm::IRBuilder<> slow(then);
  place(slow, *access.instruction);
  stack.restore(slow);
  const std::string name =
      (access.is_write ? "__raddle_write" : "__raddle_read") + std::to_string(access.size_bytes);
  llvm::CallInst* call = slow.CreateCall(
      hook(module_, name),
      {access.pointer, sites_.site(*access.instruction, variable_of(access.pointer))});
  call->addFnAttr(llvm::Attribute::Cold);
}

void AccessHooks::range(llvm::Instruction& before, llvm::Value* pointer, llvm::Value* bytes,
                        bool is_write, CallStack& stack) {
  if (pointer->getType()->getPointerAddressSpace() != 0) return;
  if (is_private(pointer) || (!is_write && is_constant(pointer))) return;
  llvm::IRBuilder<> builder(&before);
  place(builder, before);
  stack.restore(builder);
  builder.CreateCall(hook(module_, is_write ? "__raddle_write_range" : "__raddle_read_range"),
                     {pointer, builder.CreateZExtOrTrunc(bytes, builder.getInt64Ty()),
                      sites_.site(before, variable_of(pointer))});
}

void AccessHooks::intrinsic(llvm::Instruction& instruction, CallStack& stack) {
  auto& memory = llvm::cast<llvm::MemIntrinsic>(instruction);
  if (auto* transfer = llvm::dyn_cast<llvm::MemTransferInst>(&memory)) {
    range(instruction, transfer->getRawSource(), memory.getLength(), false, stack);
  }
  range(instruction, memory.getRawDest(), memory.getLength(), true, stack);
}

void AccessHooks::fence(llvm::FenceInst& fence, CallStack& stack) {
  llvm::IRBuilder<> builder(&fence);
  place(builder, fence);
  stack.restore(builder);
  builder.CreateCall(hook(module_, "__raddle_fence"),
                     {builder.getInt32(static_cast<unsigned>(number_of(fence.getOrdering()))),
                      sites_.site(fence)});
}

namespace {

// What an atomic instruction was, for __raddle_atomic_end; known only behind it for a
// compare-exchange.
struct AtomicShape {
  enum What : unsigned { kLoad = 0, kStore = 1, kUpdate = 2 };
  llvm::Value* pointer = nullptr;
  llvm::Type* type = nullptr;
  llvm::Value* what = nullptr;
  llvm::Value* order = nullptr;
};

AtomicShape shape_of(llvm::Instruction& instruction, llvm::IRBuilder<>& after) {
  const auto number = [&](llvm::AtomicOrdering order) {
    return after.getInt32(static_cast<unsigned>(number_of(order)));
  };
  if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
    return {load->getPointerOperand(), load->getType(), after.getInt32(AtomicShape::kLoad),
            number(load->getOrdering())};
  }
  if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
    return {store->getPointerOperand(), store->getValueOperand()->getType(),
            after.getInt32(AtomicShape::kStore), number(store->getOrdering())};
  }
  if (auto* update = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction)) {
    return {update->getPointerOperand(), update->getType(), after.getInt32(AtomicShape::kUpdate),
            number(update->getOrdering())};
  }
  auto& exchange = llvm::cast<llvm::AtomicCmpXchgInst>(instruction);
  llvm::Value* success = after.CreateExtractValue(&exchange, 1);
  return {exchange.getPointerOperand(), exchange.getNewValOperand()->getType(),
          after.CreateSelect(success, after.getInt32(AtomicShape::kUpdate),
                             after.getInt32(AtomicShape::kLoad)),
          after.CreateSelect(success, number(exchange.getSuccessOrdering()),
                             number(exchange.getFailureOrdering()))};
}

llvm::Value* pointer_of(llvm::Instruction& instruction) {
  if (auto* update = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction))
    return update->getPointerOperand();
  if (auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&instruction))
    return exchange->getPointerOperand();
  return llvm::getLoadStorePointerOperand(&instruction);
}

}  // namespace

void AccessHooks::atomic(llvm::Instruction& instruction, CallStack& stack) {
  if (auto* bare = llvm::dyn_cast<llvm::FenceInst>(&instruction)) return fence(*bare, stack);
  llvm::Value* pointer = pointer_of(instruction);
  if (pointer->getType()->getPointerAddressSpace() != 0 || is_private(pointer)) return;
  llvm::IRBuilder<> before(&instruction);
  place(before, instruction);
  stack.restore(before);
  llvm::Value* token = before.CreateCall(hook(module_, "__raddle_atomic_begin"), {pointer});
  llvm::IRBuilder<> after(instruction.getNextNode());
  place(after, instruction);
  const AtomicShape shape = shape_of(instruction, after);
  const std::uint64_t bytes = module_.getDataLayout().getTypeStoreSize(shape.type).getFixedValue();
  after.CreateCall(
      hook(module_, "__raddle_atomic_end"),
      {pointer, token, shape.what, shape.order, after.getInt32(static_cast<std::uint32_t>(bytes)),
       sites_.site(instruction, variable_of(pointer))});
}

}  // namespace raddle::pass
