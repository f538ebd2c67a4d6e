// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/atomic_hooks.h"

#include "instrument/pass/assembly.h"
#include "instrument/pass/hook_types.h"
#include "instrument/pass/library_calls.h"
#include "instrument/pass/place.h"
#include "instrument/pass/select.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {
namespace {

// hooks.def, __raddle_atomic_end: what it was.
enum What : unsigned { kLoad = 0, kStore = 1, kUpdate = 2 };

// What is told behind the instruction; what a compare-exchange was is known only there.
struct AtomicShape {
  llvm::Value* what = nullptr;
  llvm::Value* order = nullptr;  // its number in <atomic>
  llvm::Value* size_bytes = nullptr;
};

unsigned number_of(llvm::AtomicOrdering order) {
  if (order == llvm::AtomicOrdering::Unordered) order = llvm::AtomicOrdering::Monotonic;
  return static_cast<unsigned>(llvm::toCABI(order));
}

llvm::Value* pointer_of(llvm::Instruction& instruction) {
  if (auto* update = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction))
    return update->getPointerOperand();
  if (auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&instruction))
    return exchange->getPointerOperand();
  if (auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction)) {
    if (call->isInlineAsm()) return asm_effect(instruction).operands.front().pointer;
    return atomic_call(*call).pointer;
  }
  return llvm::getLoadStorePointerOperand(&instruction);
}

AtomicShape shape_of(const AsmEffect& assembly, llvm::IRBuilder<>& after) {
  const AsmOperand& operand = assembly.operands.front();
  const unsigned what = !operand.is_write ? kLoad : operand.is_read ? kUpdate : kStore;
  return {after.getInt32(what), after.getInt32(assembly.order), after.getInt64(operand.size_bytes)};
}

AtomicShape shape_of(llvm::CallBase& call, llvm::IRBuilder<>& after) {
  if (call.isInlineAsm()) return shape_of(asm_effect(call), after);
  const AtomicCall atomic = atomic_call(call);
  AtomicShape shape{after.getInt32(kUpdate), atomic.order, atomic.size_bytes};
  if (atomic.what == AtomicCall::What::kLoad) shape.what = after.getInt32(kLoad);
  if (atomic.what == AtomicCall::What::kStore) shape.what = after.getInt32(kStore);
  if (atomic.what == AtomicCall::What::kCompareExchange) {
    llvm::Value* success = after.CreateIsNotNull(&call);
    shape.what = after.CreateSelect(success, after.getInt32(kUpdate), after.getInt32(kLoad));
    shape.order = after.CreateSelect(success, atomic.order, atomic.failure_order);
  }
  return shape;
}

AtomicShape shape_of(llvm::Instruction& instruction, llvm::IRBuilder<>& after) {
  if (auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction)) return shape_of(*call, after);
  const llvm::DataLayout& layout = instruction.getModule()->getDataLayout();
  const auto shape = [&](unsigned what, llvm::AtomicOrdering order, llvm::Type* type) {
    return AtomicShape{after.getInt32(what), after.getInt32(number_of(order)),
                       after.getInt64(layout.getTypeStoreSize(type).getFixedValue())};
  };
  if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction))
    return shape(kLoad, load->getOrdering(), load->getType());
  if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
    return shape(kStore, store->getOrdering(), store->getValueOperand()->getType());
  }
  if (auto* update = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction)) {
    return shape(kUpdate, update->getOrdering(), update->getType());
  }
  auto& exchange = llvm::cast<llvm::AtomicCmpXchgInst>(instruction);
  llvm::Value* success = after.CreateExtractValue(&exchange, 1);
  AtomicShape result =
      shape(kUpdate, exchange.getSuccessOrdering(), exchange.getNewValOperand()->getType());
  result.what = after.CreateSelect(success, result.what, after.getInt32(kLoad));
  result.order = after.CreateSelect(success, result.order,
                                    after.getInt32(number_of(exchange.getFailureOrdering())));
  return result;
}

void add_fence_hook(llvm::Instruction& fence, unsigned order, SiteTable& sites, CallStack& stack) {
  PlacedBuilder builder(fence, fence);
  stack.restore(builder);
  builder.CreateCall(hook(*fence.getModule(), "__raddle_fence"),
                     {builder.getInt32(order), sites.unnamed_site(fence)});
}

}  // namespace

void add_atomic_hooks(llvm::Instruction& instruction, SiteTable& sites, CallStack& stack) {
  if (auto* fence = llvm::dyn_cast<llvm::FenceInst>(&instruction))
    return add_fence_hook(*fence, number_of(fence->getOrdering()), sites, stack);
  const AsmEffect assembly = asm_effect(instruction);
  if (assembly.kind == AsmEffect::Kind::kFence)
    return add_fence_hook(instruction, assembly.order, sites, stack);
  llvm::Module& module = *instruction.getModule();
  llvm::Value* pointer = pointer_of(instruction);
  if (pointer->getType()->getPointerAddressSpace() != 0 || is_private(pointer)) return;
  PlacedBuilder before(instruction, instruction);
  stack.restore(before);
  llvm::Value* token = before.CreateCall(hook(module, "__raddle_atomic_begin"), {pointer});
  PlacedBuilder after(*instruction.getNextNode(), instruction);
  const AtomicShape shape = shape_of(instruction, after);
  const auto as_word = [&](llvm::Value* value) {
    return after.CreateZExtOrTrunc(value, after.getInt32Ty());
  };
  after.CreateCall(hook(module, "__raddle_atomic_end"),
                   {pointer, token, shape.what, as_word(shape.order), as_word(shape.size_bytes),
                    sites.site(instruction, pointer)});
}

}  // namespace raddle::pass
