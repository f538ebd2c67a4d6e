// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/call_stack.h"

#include "instrument/pass/hook_types.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/xxhash.h"
#include "runtime/hooks/hooks.h"

namespace raddle::pass {
namespace {

enum FrameField : unsigned { kParent = 0, kCall = 1, kOwnContext = 2 };  // hooks.h

// The same on every build of the same code, so that contexts can be compared between runs.
std::uint64_t hash_of(const llvm::Function& function) {
  const std::string name =
      function.getName().str() + "@" + function.getParent()->getSourceFileName();
  return llvm::xxh3_64bits(llvm::StringRef(name));
}

}  // namespace

llvm::Value* CallStack::field(llvm::IRBuilder<>& builder, unsigned index) {
  llvm::Module& module = *function_.getParent();
  return builder.CreateStructGEP(thread_state_type(module.getContext()), thread_state(module),
                                 index);
}

llvm::Value* CallStack::frame_field(llvm::IRBuilder<>& builder, unsigned index) {
  return builder.CreateStructGEP(frame_->getAllocatedType(), frame_, index);
}

void CallStack::follow(const Selection& selection) {
  if (selection.calls.empty()) return;
  enter();
  std::uint64_t constant = hash_of(function_);
  for (llvm::CallBase* call : selection.calls) {
    constant += 0x9e37'79b9'7f4a'7c15u;
    before_call(*call, constant >> 16);
  }
  for (llvm::Instruction* leave : selection.returns) {
    // Nothing may stand between a musttail call and its return; before_call has restored the state
    // already.
    if (leave->getParent()->getTerminatingMustTailCall() != nullptr) continue;
    llvm::IRBuilder<> builder(leave);
    restore(builder);
  }
}

void CallStack::enter() {
  llvm::IRBuilder<> builder(&*function_.getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
  auto* pointer = builder.getPtrTy();
  auto* word = builder.getInt64Ty();
  auto* frame_type = llvm::StructType::get(function_.getContext(), {pointer, pointer, word});
  llvm::IRBuilder<> at_top(&*function_.getEntryBlock().getFirstInsertionPt());
  frame_ = at_top.CreateAlloca(frame_type, nullptr, "raddle.frame");
  builder.CreateStore(builder.CreateLoad(pointer, field(builder, kTop)),
                      frame_field(builder, kParent));
  builder.CreateStore(builder.CreateLoad(word, field(builder, kContext)),
                      frame_field(builder, kOwnContext));
}

void CallStack::before_call(llvm::CallBase& call, std::uint64_t constant) {
  llvm::IRBuilder<> builder(&call);
  auto* tail = llvm::dyn_cast<llvm::CallInst>(&call);
  if (tail != nullptr && tail->isMustTailCall()) return restore(builder);
  // The callee reads our Frame: its stack slot must outlive the call.
  if (tail != nullptr && tail->isTailCall()) tail->setTailCallKind(llvm::CallInst::TCK_None);
  places_[&call] = builder.CreateStore(sites_.site(call), frame_field(builder, kCall));
  builder.CreateStore(frame_, field(builder, kTop));
  // The callee reads what we store here, whatever it says of the rest of memory.
  call.removeFnAttr(llvm::Attribute::Memory);
  llvm::Value* own =
      builder.CreateLoad(builder.getInt64Ty(), frame_field(builder, kOwnContext), "raddle.context");
  llvm::Value* below = builder.CreateMul(own, builder.getInt64(hooks::kContextFactor));
  builder.CreateStore(builder.CreateAdd(below, builder.getInt64(constant)),
                      field(builder, kContext));
}

llvm::Instruction& CallStack::before(llvm::Instruction& instruction) {
  llvm::Instruction* place = places_.lookup(&instruction);
  return place != nullptr ? *place : instruction;
}

void CallStack::restore(llvm::IRBuilder<>& builder) {
  if (frame_ == nullptr) return;
  // From the frame, not from registers: kept there, they would be in the way all through the
  // function.
  builder.CreateStore(
      builder.CreateLoad(builder.getPtrTy(), frame_field(builder, kParent), "raddle.parent"),
      field(builder, kTop));
  builder.CreateStore(
      builder.CreateLoad(builder.getInt64Ty(), frame_field(builder, kOwnContext), "raddle.context"),
      field(builder, kContext));
}

}  // namespace raddle::pass
