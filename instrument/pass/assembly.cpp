// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/assembly.h"

#include <algorithm>

#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {
namespace {

// Larger operands are an idiom: they keep the compiler away from memory of which the assembly
// touches a part.
constexpr std::uint64_t kMostBytes = 16;

enum Order : unsigned { kAcquire = 2, kRelease = 3, kAcqRel = 4, kSeqCst = 5 };

bool mentions(llvm::StringRef text, llvm::ArrayRef<llvm::StringRef> words) {
  return std::ranges::any_of(words, [&](llvm::StringRef word) { return text.contains(word); });
}

// x86's xchg locks by itself. AArch64: exclusives, and the atomic instructions of its version 8.1.
bool is_locked(llvm::StringRef text) {
  return mentions(text, {"lock", "xchg", "ldxr", "ldaxr", "stxr", "stlxr", "ldadd", "ldset",
                         "ldclr", "ldeor", "swp", "cas"});
}

bool is_barrier(llvm::StringRef text) { return mentions(text, {"mfence", "lock", "dmb", "dsb"}); }

bool clobbers_memory(const llvm::InlineAsm::ConstraintInfoVector& constraints) {
  return std::ranges::any_of(constraints, [](const llvm::InlineAsm::ConstraintInfo& constraint) {
    return constraint.Type == llvm::InlineAsm::isClobber &&
           llvm::is_contained(constraint.Codes, "{memory}");
  });
}

void add(std::vector<AsmOperand>& operands, const AsmOperand& operand) {
  for (AsmOperand& known : operands) {
    if (known.pointer != operand.pointer) continue;  // "=m"(x) : "m"(x) is one operand
    known.is_read |= operand.is_read;
    known.is_write |= operand.is_write;
    return;
  }
  operands.push_back(operand);
}

std::vector<AsmOperand> operands_of(const llvm::CallBase& call,
                                    const llvm::InlineAsm::ConstraintInfoVector& constraints) {
  const llvm::DataLayout& layout = call.getModule()->getDataLayout();
  std::vector<AsmOperand> operands;
  unsigned argument = 0;
  for (const llvm::InlineAsm::ConstraintInfo& constraint : constraints) {
    if (!constraint.hasArg()) continue;
    const unsigned number = argument++;
    if (!constraint.isIndirect) continue;
    const llvm::TypeSize size = layout.getTypeStoreSize(call.getParamElementType(number));
    if (size.isScalable() || size.getFixedValue() > kMostBytes) continue;
    const bool is_output = constraint.Type == llvm::InlineAsm::isOutput;
    add(operands, {call.getArgOperand(number), size.getFixedValue(), !is_output, is_output});
  }
  return operands;
}

unsigned order_of(const AsmOperand& operand, bool is_locked) {
  if (is_locked) return kSeqCst;
  if (!operand.is_write) return kAcquire;
  return operand.is_read ? kAcqRel : kRelease;
}

}  // namespace

AsmEffect asm_effect(const llvm::Instruction& instruction) {
  using enum AsmEffect::Kind;
  const auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
  if (call == nullptr || !call->isInlineAsm()) return {};
  const auto* assembly = llvm::cast<llvm::InlineAsm>(call->getCalledOperand());
  const llvm::StringRef text = assembly->getAsmString();
  if (text.trim().empty()) return {};  // only a hint for the optimizer
  const llvm::InlineAsm::ConstraintInfoVector constraints = assembly->ParseConstraints();
  AsmEffect effect{kPlain, operands_of(*call, constraints)};
  const bool has_clobber = clobbers_memory(constraints);
  if (effect.operands.empty()) {
    const bool is_fence = has_clobber && is_barrier(text);
    return is_fence ? AsmEffect{kFence, {}, kSeqCst} : AsmEffect{};
  }
  if (!has_clobber && !is_locked(text)) return effect;
  // Of several operands nobody can say which one is meant.
  if (effect.operands.size() > 1) return {};
  AsmOperand& operand = effect.operands.front();
  if (is_locked(text)) operand.is_read = operand.is_write = true;
  effect.order = order_of(operand, is_locked(text));
  effect.kind = kAtomic;
  return effect;
}

}  // namespace raddle::pass
