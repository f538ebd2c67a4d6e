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

// The call that all forms end in. Through the table of addresses, not by the linker's stub: that
// would let the loader change registers at the first call. The address changes places with what is
// in %rdi.
std::string call_of(const FilteredAccess& access, llvm::StringRef what) {
  std::string text = "leaq ${1:c}(%rip), %rax\n";
  text += access.frame != nullptr ? "leaq $2, %rcx\n" : "xorl %ecx, %ecx\n";
  text += "xchgq $0, %rdi\n";
  text += access.is_write ? "callq *__raddle_write" : "callq *__raddle_read";
  return text + what.str() + "@GOTPCREL(%rip)\nxchgq $0, %rdi\n";
}

// Of the operands that all forms have: $0 the address, $1 the Site, $2 the Frame if there is one.
struct Assembly {
  std::string text;
  std::string constraints;
  llvm::SmallVector<llvm::Value*, 4> operands;
};

Assembly begin(const FilteredAccess& access) {
  if (access.frame == nullptr) return {{}, "r,i", {access.pointer, access.site}};
  return {{}, "r,i,*m", {access.pointer, access.site, access.frame}};
}

void insert(llvm::IRBuilder<>& builder, const FilteredAccess& access, const Assembly& assembly) {
  llvm::SmallVector<llvm::Type*, 4> types;
  for (llvm::Value* operand : assembly.operands) types.push_back(operand->getType());
  auto* type = llvm::FunctionType::get(builder.getVoidTy(), types, false);
  // By their 16-bit names, which stand for the whole registers, too: the compiler looks through all
  // classes of registers for the name, and finds these among the first.
  const std::string constraints = assembly.constraints + ",~{ax},~{cx},~{dx},~{memory},~{flags}";
  // It calls: the stack must be aligned, and what lies below the stack pointer is not ours.
  llvm::CallInst* call = builder.CreateCall(
      type,
      llvm::InlineAsm::get(type, assembly.text, constraints, /*hasSideEffects=*/true,
                           /*isAlignStack=*/true),
      assembly.operands);
  call->setDoesNotThrow();
  if (access.frame != nullptr) {
    call->addParamAttr(2, llvm::Attribute::get(builder.getContext(), llvm::Attribute::ElementType,
                                               access.frame->getAllocatedType()));
  }
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
  const std::string size = std::to_string(access.size_bytes);
  Assembly assembly = begin(access);
  if (place == FilterPlace::kInline) {
    assembly.text = kFilters[access.is_write ? 1 : 0][log2];
    assembly.text += "1:\n" + call_of(access, size + "_kept") + "2:";
    if (access.size_bytes == 16) assembly.constraints += ",~{si}";
  } else {
    assembly.text = call_of(access, size + "_look");
    assembly.constraints += ",~{si},~{r8w},~{r9w}";
  }
  insert(builder, access, assembly);
}

void add_range_assembly(llvm::IRBuilder<>& builder, const FilteredAccess& access,
                        llvm::Value* bytes) {
  Assembly assembly = begin(access);
  const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(bytes);
  std::string count;
  if (constant != nullptr && constant->getValue().isIntN(31)) {
    count = "movl $$" + std::to_string(constant->getZExtValue()) + ", %edx\n";
  } else {
    count = "movq $" + std::to_string(assembly.operands.size()) + ", %rdx\n";
    assembly.constraints += ",r";
    assembly.operands.push_back(bytes);
  }
  assembly.text = RADDLE_FILTER_RANGE("$$") + count + call_of(access, "_range_kept") + "2:";
  insert(builder, access, assembly);
}

}  // namespace raddle::pass
