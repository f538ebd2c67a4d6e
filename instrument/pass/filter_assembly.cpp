// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/filter_assembly.h"

#include <string>

#include "llvm/ADT/bit.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/TargetParser/Triple.h"
#include "runtime/hooks/filter_x86_64.h"

namespace raddle::pass {
namespace {

// By log2 of the size, reads first. In inline assembly of LLVM a dollar is written as two.
#define RADDLE_TEXT(filter) filter("$$", "$0", "${0:k}")
constexpr const char* kFilters[2][5] = {
    {RADDLE_TEXT(RADDLE_FILTER_READ1), RADDLE_TEXT(RADDLE_FILTER_READ2),
     RADDLE_TEXT(RADDLE_FILTER_READ4), RADDLE_TEXT(RADDLE_FILTER_READ8),
     RADDLE_TEXT(RADDLE_FILTER_READ16)},
    {RADDLE_TEXT(RADDLE_FILTER_WRITE1), RADDLE_TEXT(RADDLE_FILTER_WRITE2),
     RADDLE_TEXT(RADDLE_FILTER_WRITE4), RADDLE_TEXT(RADDLE_FILTER_WRITE8),
     RADDLE_TEXT(RADDLE_FILTER_WRITE16)}};
#undef RADDLE_TEXT

// What both forms end in. Through the table of addresses, not by the linker's stub: that would let
// the loader change registers at the first call. The address changes places with what is in %rdi.
std::string call_of(const FilteredAccess& access, llvm::StringRef entry) {
  std::string text = "leaq ${1:c}(%rip), %rax\n";
  text += access.frame != nullptr ? "leaq $2, %rcx\n" : "xorl %ecx, %ecx\n";
  text += "xchgq $0, %rdi\n";
  text += access.is_write ? "callq *__raddle_write" : "callq *__raddle_read";
  text += std::to_string(access.size_bytes) + entry.str() + "@GOTPCREL(%rip)\n";
  return text + "xchgq $0, %rdi\n";
}

}  // namespace

bool has_filter_assembly(const llvm::Module& module) {
  const llvm::Triple triple(module.getTargetTriple());
  const auto model = module.getCodeModel();
  return triple.getArch() == llvm::Triple::x86_64 && triple.isOSBinFormatELF() && !triple.isX32() &&
         (!model || *model == llvm::CodeModel::Small);
}

void add_filter_assembly(llvm::IRBuilder<>& builder, const FilteredAccess& access,
                         FilterPlace place) {
  const auto log2 = static_cast<unsigned>(llvm::countr_zero(access.size_bytes));
  std::string text;
  std::string constraints = "r,i";
  llvm::SmallVector<llvm::Value*, 3> operands = {access.pointer, access.site};
  if (access.frame != nullptr) {
    constraints += ",*m";
    operands.push_back(access.frame);
  }
  // By their 16-bit names, which stand for the whole registers, too: the compiler looks through all
  // classes of registers for the name, and finds these among the first.
  constraints += ",~{ax},~{cx},~{dx},~{memory},~{flags}";
  if (place == FilterPlace::kInline) {
    text = kFilters[access.is_write ? 1 : 0][log2];
    text += "1:\n" + call_of(access, "_kept") + "2:";
    if (access.size_bytes == 16) constraints += ",~{si}";
  } else {
    text = call_of(access, "_look");
    constraints += ",~{si},~{r8w},~{r9w}";
  }
  llvm::SmallVector<llvm::Type*, 3> types;
  for (llvm::Value* operand : operands) types.push_back(operand->getType());
  auto* type = llvm::FunctionType::get(builder.getVoidTy(), types, false);
  // It calls: the stack must be aligned, and what lies below the stack pointer is not ours.
  llvm::CallInst* call =
      builder.CreateCall(type,
                         llvm::InlineAsm::get(type, text, constraints, /*hasSideEffects=*/true,
                                              /*isAlignStack=*/true),
                         operands);
  call->setDoesNotThrow();
  if (access.frame != nullptr) {
    call->addParamAttr(2, llvm::Attribute::get(builder.getContext(), llvm::Attribute::ElementType,
                                               access.frame->getAllocatedType()));
  }
}

}  // namespace raddle::pass
