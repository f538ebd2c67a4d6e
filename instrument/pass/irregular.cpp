// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/irregular.h"

#include <optional>

#include "instrument/pass/assembly.h"
#include "instrument/pass/library_accesses.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {
namespace {

constexpr unsigned kMostLanes = 64;  // bits of the mask that the hooks take

const llvm::DataLayout& layout_of(const llvm::Instruction& instruction) {
  return instruction.getModule()->getDataLayout();
}

// A vector access under a mask.
struct Masked {
  enum class Shape { kInRow, kPacked, kScattered };  // kPacked: the chosen lanes lie in a row
  Shape shape = Shape::kInRow;
  bool is_write = false;
  bool has_length = false;  // the last operand says how many lanes count
};

std::optional<Masked> masked_intrinsic(const llvm::Instruction& instruction) {
  using enum Masked::Shape;
  const auto* intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
  if (intrinsic == nullptr) return std::nullopt;
  switch (intrinsic->getIntrinsicID()) {
    case llvm::Intrinsic::masked_load:
      return Masked{kInRow, false};
    case llvm::Intrinsic::masked_store:
      return Masked{kInRow, true};
    case llvm::Intrinsic::masked_gather:
      return Masked{kScattered, false};
    case llvm::Intrinsic::masked_scatter:
      return Masked{kScattered, true};
    case llvm::Intrinsic::masked_expandload:
      return Masked{kPacked, false};
    case llvm::Intrinsic::masked_compressstore:
      return Masked{kPacked, true};
    case llvm::Intrinsic::vp_load:
      return Masked{kInRow, false, true};
    case llvm::Intrinsic::vp_store:
      return Masked{kInRow, true, true};
    case llvm::Intrinsic::vp_gather:
      return Masked{kScattered, false, true};
    case llvm::Intrinsic::vp_scatter:
      return Masked{kScattered, true, true};
    default:
      return std::nullopt;
  }
}

// The operands stand at other places from one release of LLVM to the next: they are told by their
// types. What is stored comes first.
llvm::Value* pointer_of(const llvm::CallBase& call, const Masked& masked) {
  for (unsigned i = masked.is_write ? 1 : 0; i < call.arg_size(); ++i) {
    if (call.getArgOperand(i)->getType()->isPtrOrPtrVectorTy()) return call.getArgOperand(i);
  }
  return nullptr;
}

llvm::Value* mask_of(const llvm::CallBase& call, const Masked& masked) {
  for (unsigned i = masked.is_write ? 1 : 0; i < call.arg_size(); ++i) {
    llvm::Value* operand = call.getArgOperand(i);
    if (operand->getType()->isIntOrIntVectorTy(1)) return operand;
  }
  return nullptr;
}

// Null: not one whose lanes we can name.
llvm::FixedVectorType* vector_of(const llvm::CallBase& call, const Masked& masked) {
  llvm::Type* type = masked.is_write ? call.getArgOperand(0)->getType() : call.getType();
  auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type);
  if (vector == nullptr || vector->getNumElements() > kMostLanes) return nullptr;
  const llvm::TypeSize bits = layout_of(call).getTypeSizeInBits(vector->getElementType());
  return bits.getFixedValue() % 8 == 0 ? vector : nullptr;
}

llvm::Value* lanes_of(const llvm::CallBase& call, const Masked& masked, unsigned count,
                      llvm::IRBuilder<>& builder) {
  llvm::Value* bits = builder.CreateBitCast(mask_of(call, masked), builder.getIntNTy(count));
  llvm::Value* lanes = builder.CreateZExt(bits, builder.getInt64Ty());
  if (!masked.has_length) return lanes;
  llvm::Value* length =
      builder.CreateZExt(call.getArgOperand(call.arg_size() - 1), builder.getInt64Ty());
  // All ones, shifted away from the top; by 64 for none, which only a select can say.
  llvm::Value* beyond = builder.CreateSub(builder.getInt64(kMostLanes), length);
  llvm::Value* first = builder.CreateLShr(builder.getInt64(~std::uint64_t{0}),
                                          builder.CreateAnd(beyond, kMostLanes - 1));
  llvm::Value* none = builder.CreateICmpEQ(length, builder.getInt64(0));
  return builder.CreateAnd(lanes, builder.CreateSelect(none, builder.getInt64(0), first));
}

IrregularPart part_of(const llvm::CallBase& call, const Masked& masked,
                      llvm::IRBuilder<>& builder) {
  llvm::FixedVectorType* vector = vector_of(call, masked);
  llvm::Value* bytes =
      builder.getInt64(layout_of(call).getTypeStoreSize(vector->getElementType()).getFixedValue());
  llvm::Value* lanes = lanes_of(call, masked, vector->getNumElements(), builder);
  llvm::Value* pointer = pointer_of(call, masked);
  if (masked.shape != Masked::Shape::kPacked) return {pointer, bytes, lanes, masked.is_write};
  llvm::Value* count = builder.CreateUnaryIntrinsic(llvm::Intrinsic::ctpop, lanes);
  return {pointer, builder.CreateMul(count, bytes), nullptr, masked.is_write};
}

// Null: neither a load nor a store.
llvm::Type* plain_type(const llvm::Instruction& instruction) {
  if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) return load->getType();
  const auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction);
  return store == nullptr ? nullptr : store->getValueOperand()->getType();
}

bool is_scalable(const llvm::Instruction& instruction) {
  llvm::Type* type = plain_type(instruction);
  return type != nullptr && layout_of(instruction).getTypeStoreSize(type).isScalable();
}

// What a call copies before the callee runs.
template <typename See>
void for_each_copied_argument(const llvm::Instruction& instruction, See&& see) {
  const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
  if (call == nullptr) return;
  for (unsigned i = 0; i < call->arg_size(); ++i) {
    if (!call->isByValArgument(i)) continue;
    see(call->getArgOperand(i),
        layout_of(*call).getTypeAllocSize(call->getParamByValType(i)).getFixedValue());
  }
}

bool copies_arguments(const llvm::Instruction& instruction) {
  bool does = false;
  for_each_copied_argument(instruction, [&](llvm::Value*, std::uint64_t) { does = true; });
  return does;
}

void add_memory_parts(llvm::MemIntrinsic& memory, llvm::IRBuilder<>& builder,
                      std::vector<IrregularPart>& parts) {
  llvm::Value* bytes = builder.CreateZExtOrTrunc(memory.getLength(), builder.getInt64Ty());
  if (auto* transfer = llvm::dyn_cast<llvm::MemTransferInst>(&memory)) {
    parts.push_back({transfer->getRawSource(), bytes});
  }
  parts.push_back({memory.getRawDest(), bytes, nullptr, true});
}

}  // namespace

bool is_irregular(const llvm::Instruction& instruction) {
  if (llvm::isa<llvm::MemIntrinsic>(instruction)) return true;
  if (const std::optional<Masked> masked = masked_intrinsic(instruction)) {
    return vector_of(llvm::cast<llvm::CallBase>(instruction), *masked) != nullptr;
  }
  return is_scalable(instruction) || copies_arguments(instruction) ||
         has_library_accesses(instruction) ||
         asm_effect(instruction).kind == AsmEffect::Kind::kPlain;
}

std::vector<IrregularPart> parts_of(llvm::Instruction& instruction, llvm::IRBuilder<>& builder) {
  std::vector<IrregularPart> parts;
  if (auto* memory = llvm::dyn_cast<llvm::MemIntrinsic>(&instruction)) {
    add_memory_parts(*memory, builder, parts);
  } else if (const std::optional<Masked> masked = masked_intrinsic(instruction)) {
    parts.push_back(part_of(llvm::cast<llvm::CallBase>(instruction), *masked, builder));
  } else if (is_scalable(instruction)) {
    const llvm::TypeSize size = layout_of(instruction).getTypeStoreSize(plain_type(instruction));
    parts.push_back({llvm::getLoadStorePointerOperand(&instruction),
                     builder.CreateTypeSize(builder.getInt64Ty(), size), nullptr,
                     llvm::isa<llvm::StoreInst>(instruction)});
  } else if (has_library_accesses(instruction)) {
    parts = library_parts(instruction, builder);
  }
  for_each_copied_argument(instruction, [&](llvm::Value* pointer, std::uint64_t bytes) {
    parts.push_back({pointer, builder.getInt64(bytes)});
  });
  for (const AsmOperand& operand : asm_effect(instruction).operands) {
    llvm::Value* bytes = builder.getInt64(operand.size_bytes);
    if (operand.is_read) parts.push_back({operand.pointer, bytes});
    if (operand.is_write) parts.push_back({operand.pointer, bytes, nullptr, true});
  }
  return parts;
}

}  // namespace raddle::pass
