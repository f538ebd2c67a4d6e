// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/filter_assembly.h"

#include <string>

#include "llvm/ADT/bit.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/TargetParser/Triple.h"
#include "runtime/hooks/filter_x86_64.h"

namespace raddle::pass {
namespace {

// By log2 of the size, reads first, those at any offset last; 16 bytes at any offset come here in
// halves. In inline assembly of LLVM a dollar is written as two.
#define RADDLE_TEXT(filter) filter("$$", "$0", "${2:c}")
constexpr const char* kFilters[4][5] = {
    {RADDLE_TEXT(RADDLE_FILTER_READ1), RADDLE_TEXT(RADDLE_FILTER_READ2),
     RADDLE_TEXT(RADDLE_FILTER_READ4), RADDLE_TEXT(RADDLE_FILTER_READ8),
     RADDLE_TEXT(RADDLE_FILTER_READ16)},
    {RADDLE_TEXT(RADDLE_FILTER_WRITE1), RADDLE_TEXT(RADDLE_FILTER_WRITE2),
     RADDLE_TEXT(RADDLE_FILTER_WRITE4), RADDLE_TEXT(RADDLE_FILTER_WRITE8),
     RADDLE_TEXT(RADDLE_FILTER_WRITE16)},
    {RADDLE_TEXT(RADDLE_FILTER_READ1), RADDLE_TEXT(RADDLE_FILTER_READ2_ACROSS),
     RADDLE_TEXT(RADDLE_FILTER_READ4_ACROSS), RADDLE_TEXT(RADDLE_FILTER_READ8_ACROSS),
     RADDLE_TEXT(RADDLE_FILTER_READ16)},
    {RADDLE_TEXT(RADDLE_FILTER_WRITE1), RADDLE_TEXT(RADDLE_FILTER_WRITE2_ACROSS),
     RADDLE_TEXT(RADDLE_FILTER_WRITE4_ACROSS), RADDLE_TEXT(RADDLE_FILTER_WRITE8_ACROSS),
     RADDLE_TEXT(RADDLE_FILTER_WRITE16)}};
#undef RADDLE_TEXT

// Of the operands all forms have: $0 the address, or what it is some bytes from, and $1 the Site
// (of a group its description).
struct Assembly {
  std::string text;
  std::string constraints;
  std::string frame;  // as an operand in the text; empty: there is none
  llvm::SmallVector<llvm::Value*, 5> operands;
  llvm::SmallVector<std::pair<unsigned, llvm::Type*>, 2> in_memory;  // of the operands

  unsigned add_memory(llvm::Value* place, llvm::Type* type) {
    const auto number = static_cast<unsigned>(operands.size());
    constraints += ",*m";
    operands.push_back(place);
    in_memory.emplace_back(number, type);
    return number;
  }
};

Assembly begin(llvm::Value* pointer, llvm::Constant* what) {
  return {{}, "r,i", {}, {pointer, what}, {}};
}

void add_frame(Assembly& assembly, llvm::AllocaInst* frame) {
  if (frame == nullptr) return;
  assembly.frame = "$" + std::to_string(assembly.add_memory(frame, frame->getAllocatedType()));
}

// The call that all forms end in. Through the table of addresses, not by the linker's stub: that
// would let the loader change registers at the first call. The address changes places with what is
// in %rdi.
std::string call_of(const Assembly& assembly, const std::string& what, std::int64_t offset = 0) {
  const auto move = [](std::int64_t bytes) {
    return bytes == 0 ? "" : "leaq " + std::to_string(bytes) + "(%rdi), %rdi\n";
  };
  return "leaq ${1:c}(%rip), %rax\n" +
         (assembly.frame.empty() ? "xorl %ecx, %ecx\n" : "leaq " + assembly.frame + ", %rcx\n") +
         "xchgq $0, %rdi\n" + move(offset) + "callq *__raddle_" + what + "@GOTPCREL(%rip)\n" +
         move(-offset) + "xchgq $0, %rdi\n";
}

// The text of a look, which is left out where the word has the thread's tick, as afterwards it has.
std::string once(Assembly& assembly, llvm::AllocaInst* seen, llvm::StringRef look) {
  if (seen == nullptr) return look.str();
  const std::string word =
      "$" + std::to_string(assembly.add_memory(seen, seen->getAllocatedType()));
  look.consume_front(RADDLE_FILTER_THREAD);
  return RADDLE_FILTER_TICK "cmpq %rcx, " + word + "\nje 2f\nmovq %rcx, " + word + "\n" +
         look.str();
}

void insert(llvm::IRBuilder<>& builder, const Assembly& assembly) {
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
  for (const auto& [operand, in_memory] : assembly.in_memory) {
    call->addParamAttr(operand, llvm::Attribute::get(builder.getContext(),
                                                     llvm::Attribute::ElementType, in_memory));
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
  const std::string hook = (access.is_write ? "write" : "read") + std::to_string(access.size_bytes);
  Assembly assembly = begin(access.base, access.site);
  assembly.constraints += ",i";
  assembly.operands.push_back(builder.getInt32(static_cast<std::uint32_t>(access.offset)));
  add_frame(assembly, access.frame);
  std::string clobbers;
  if (place == FilterPlace::kInline) {
    assembly.text = once(assembly, access.seen,
                         kFilters[(access.is_aligned ? 0 : 2) + (access.is_write ? 1 : 0)][log2]);
    const bool is_across = !access.is_aligned && access.size_bytes > 1 && access.size_bytes < 16;
    assembly.text +=
        "1:\n" + call_of(assembly, hook + (is_across ? "_across_kept" : "_kept"), access.offset) +
        "2:";
    if (access.size_bytes == 16 || is_across) clobbers = ",~{si}";
  } else {
    assembly.text = call_of(assembly, hook + "_look", access.offset);
    clobbers = ",~{si},~{r8w},~{r9w}";
  }
  assembly.constraints += clobbers;
  insert(builder, assembly);
}

void add_range_assembly(llvm::IRBuilder<>& builder, const FilteredAccess& access,
                        llvm::Value* bytes) {
  Assembly assembly = begin(access.base, access.site);
  add_frame(assembly, access.frame);
  const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(bytes);
  std::string count;
  if (constant != nullptr && constant->getValue().isIntN(31)) {
    count = "movl $$" + std::to_string(constant->getZExtValue()) + ", %edx\n";
  } else {
    count = "movq $" + std::to_string(assembly.operands.size()) + ", %rdx\n";
    assembly.constraints += ",r";
    assembly.operands.push_back(bytes);
  }
  assembly.text =
      RADDLE_FILTER_RANGE("$$") + count +
      call_of(assembly, std::string(access.is_write ? "write" : "read") + "_range_kept") + "2:";
  insert(builder, assembly);
}

// hooks.h, ThreadState: what is wrong with the entry of each granule, in %rax that of all. A read
// has only to do with the lower half of the bits of bytes: the others are set aside, once where
// they are the same for all.
void add_group_assembly(llvm::IRBuilder<>& builder, const FilteredGroup& group) {
  Assembly assembly = begin(group.base, group.description);
  add_frame(assembly, group.frame);
  const auto set_aside = [](std::uint8_t bytes, const std::string& from) {
    const int care = bytes - 0x10000;  // of a word: its upper part too
    return "andq $$" + std::to_string(care) + ", " + from + "\n";
  };
  std::uint8_t all = 0;
  std::uint8_t common = 0xff;
  for (const std::uint8_t bytes : group.bytes) {
    all |= bytes;
    if (bytes != 0) common &= bytes;
  }
  assembly.text = once(assembly, group.seen, RADDLE_FILTER_OF_THREAD) + "leaq " +
                  std::to_string(group.lowest) + "($0), %rdx\n" RADDLE_FILTER_OF_GROUP("$$");
  std::string into = "%rax";
  for (unsigned i = 0; i < hooks::kMostGranules; ++i) {
    if (group.bytes[i] == 0) continue;
    const unsigned distance = i * 8;
    assembly.text += "leaq " + std::to_string((distance << 16) | 0xffff) + "(%rdx), " + into +
                     "\nxorq " + std::to_string(distance) + "(%rsi), " + into + "\n";
    if (all != common) assembly.text += set_aside(group.bytes[i], into);
    if (into == "%rcx") assembly.text += "orq %rcx, %rax\n";
    into = "%rcx";
  }
  if (all == common) assembly.text += set_aside(all, "%rax");
  assembly.text += "je 2f\n" + call_of(assembly, "read_group_kept") + "2:";
  assembly.constraints += ",~{si}";
  insert(builder, assembly);
}

}  // namespace raddle::pass
