// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/access_hooks.h"

#include <algorithm>
#include <limits>

#include "instrument/pass/hook_types.h"
#include "instrument/pass/library_accesses.h"
#include "instrument/pass/place.h"
#include "llvm/ADT/bit.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "runtime/hooks/hooks.h"

namespace raddle::pass {

bool has_own_hook(const MemoryAccess& access) {
  return access.size_bytes <= 16 && llvm::has_single_bit(access.size_bytes);
}

bool fits_granules(const MemoryAccess& access) {
  return access.alignment_bytes >= std::min<std::uint64_t>(access.size_bytes, 8);
}

// `pointer` stays that of the whole; a part's place in it is what the parts before have in bytes.
std::vector<MemoryAccess> parts_of(const MemoryAccess& access) {
  constexpr std::size_t kMostParts = 3;
  const std::uint64_t most = access.alignment_bytes >= 8 ? 16 : 8;
  std::vector<MemoryAccess> parts;
  for (std::uint64_t done = 0; done < access.size_bytes;) {
    const std::uint64_t left = access.size_bytes - done;
    MemoryAccess part = access;
    part.seen = nullptr;  // a word is of the whole
    part.size_bytes = std::min<std::uint64_t>(llvm::bit_floor(left), most);
    part.alignment_bytes =
        done == 0 ? access.alignment_bytes
                  : std::min<std::uint64_t>(access.alignment_bytes, done & (~done + 1));
    done += part.size_bytes;
    parts.push_back(part);
    if (parts.size() > kMostParts) return {access};
  }
  return parts;
}

namespace {

struct BaseAndOffset {
  llvm::Value* base = nullptr;
  std::int32_t offset = 0;
};

// Whether what is computed here is part of loads and stores alone, which compute it themselves: a
// look that does so too needs no register for it.
bool is_part_of_accesses(const llvm::GetElementPtrInst& step) {
  return llvm::all_of(step.users(), [&](const llvm::User* user) {
    return llvm::getLoadStorePointerOperand(user) == &step;
  });
}

BaseAndOffset base_of(llvm::Value* pointer) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max() / 2;
  BaseAndOffset result{pointer, 0};
  while (auto* step = llvm::dyn_cast<llvm::GetElementPtrInst>(result.base)) {
    const llvm::DataLayout& layout = step->getModule()->getDataLayout();
    llvm::APInt bytes(layout.getIndexTypeSizeInBits(step->getType()), 0);
    if (!is_part_of_accesses(*step) || !step->accumulateConstantOffset(layout, bytes)) break;
    const std::int64_t offset = result.offset + bytes.getSExtValue();
    if (offset > kMost || offset < -kMost) break;
    result = {step->getPointerOperand(), static_cast<std::int32_t>(offset)};
  }
  return result;
}

}  // namespace

bool is_rare(const llvm::Instruction& instruction) {
  const llvm::Function& function = *instruction.getFunction();
  const llvm::BasicBlock& block = *instruction.getParent();
  return function.hasOptSize() || function.hasFnAttribute(llvm::Attribute::Cold) ||
         block.isLandingPad() || llvm::isa<llvm::UnreachableInst>(block.getTerminator());
}

llvm::Instruction* AccessHooks::when_recording(llvm::Instruction& before,
                                               const llvm::Instruction& like,
                                               llvm::Value*& filter) {
  PlacedBuilder builder(before, like);
  auto* type = thread_state_type(module_.getContext());
  filter = builder.CreateLoad(builder.getPtrTy(),
                              builder.CreateStructGEP(type, thread_state(module_), kFilter));
  return llvm::SplitBlockAndInsertIfThen(builder.CreateIsNotNull(filter), before.getIterator(),
                                         false);
}

// hooks.h, ThreadState: the entry must have the granule's address, this epoch and all bits of the
// access. Not 0: it has not. No entry has the address of an access that goes on in the next
// granule, or of 8 bytes that are not one.
llvm::Value* AccessHooks::difference(llvm::IRBuilder<>& builder, llvm::Value* filter,
                                     llvm::Value* address, std::uint64_t bytes, bool is_write) {
  auto* word = builder.getInt64Ty();
  const auto field = [&](ThreadField which) {
    return builder.CreateLoad(word, builder.CreateStructGEP(thread_state_type(module_.getContext()),
                                                            thread_state(module_), which));
  };
  llvm::Value* distance = builder.CreateAnd(address, field(kGranules));
  llvm::Value* entry =
      builder.CreateLoad(word, builder.CreateInBoundsGEP(builder.getInt8Ty(), filter, distance));
  llvm::Value* granule = address;
  if (bytes < 8) {
    llvm::Value* last = builder.CreateAdd(address, builder.getInt64(bytes - 1));
    granule = builder.CreateAnd(last, ~std::uint64_t{7});
  }
  llvm::Value* key = builder.CreateAdd(builder.CreateShl(granule, 16), field(kEpoch));
  const std::uint64_t reads = (std::uint64_t{1} << bytes) - 1;
  llvm::Value* mask = builder.getInt64(is_write ? reads | (reads << 8) : reads);
  if (bytes < 8) mask = builder.CreateShl(mask, builder.CreateAnd(address, 7));
  llvm::Value* wanted = builder.CreateOr(key, mask);
  llvm::Value* care = builder.CreateOr(mask, builder.getInt64(~std::uint64_t{0xffff}));
  return builder.CreateAnd(builder.CreateXor(entry, wanted), care);
}

llvm::Value* AccessHooks::is_unknown(llvm::IRBuilder<>& builder, llvm::Value* filter,
                                     llvm::Value* pointer, const MemoryAccess& access) {
  llvm::Value* address = builder.CreatePtrToInt(pointer, builder.getInt64Ty());
  const std::uint64_t in_granule = std::min<std::uint64_t>(access.size_bytes, 8);
  llvm::Value* unlike = difference(builder, filter, address, in_granule, access.is_write);
  if (access.size_bytes == 16) {
    llvm::Value* second = builder.CreateAdd(address, builder.getInt64(8));
    unlike = builder.CreateOr(unlike, difference(builder, filter, second, 8, access.is_write));
  }
  return builder.CreateICmpNE(unlike, builder.getInt64(0));
}

void AccessHooks::access(const MemoryAccess& access, CallStack& stack) {
  access_at(*access.instruction, access, access.pointer, stack);
}

void AccessHooks::access_at(llvm::Instruction& before, const MemoryAccess& access,
                            llvm::Value* pointer, CallStack& stack) {
  if (has_assembly_ && !is_rare(before)) {
    const std::vector<MemoryAccess> parts = parts_of(access);
    if (parts.size() > 1) {
      PlacedBuilder builder(before, *access.instruction);
      std::uint64_t offset = 0;
      for (const MemoryAccess& part : parts) {
        llvm::Value* place = builder.CreateConstGEP1_64(builder.getInt8Ty(), pointer, offset);
        part_at(before, part, place, stack);
        offset += part.size_bytes;
      }
      return;
    }
  }
  if (!has_own_hook(access)) {
    auto* word = llvm::Type::getInt64Ty(module_.getContext());
    return range_at(before, access, pointer, llvm::ConstantInt::get(word, access.size_bytes),
                    stack);
  }
  const llvm::Instruction& instruction = *access.instruction;
  if (has_assembly_) return part_at(before, access, pointer, stack);
  llvm::Value* filter = nullptr;
  llvm::Instruction* then = when_recording(before, instruction, filter);
  if (options_.filter) {
    PlacedBuilder check(*then, instruction);
    llvm::MDNode* rarely = llvm::MDBuilder(module_.getContext()).createBranchWeights(1, 2000);
    then = llvm::SplitBlockAndInsertIfThen(is_unknown(check, filter, pointer, access),
                                           then->getIterator(), false, rarely);
  }
  PlacedBuilder slow(*then, instruction);
  stack.restore(slow);
  const std::string name =
      (access.is_write ? "__raddle_write" : "__raddle_read") + std::to_string(access.size_bytes);
  llvm::CallInst* call =
      slow.CreateCall(hook(module_, name), {pointer, sites_.site(instruction, access.pointer)});
  call->addFnAttr(llvm::Attribute::Cold);
}

void AccessHooks::part_at(llvm::Instruction& before, const MemoryAccess& access,
                          llvm::Value* pointer, CallStack& stack) {
  PlacedBuilder builder(before, *access.instruction);
  const BaseAndOffset place = base_of(pointer);
  add_filter_assembly(builder,
                      {.base = place.base,
                       .offset = place.offset,
                       .size_bytes = access.size_bytes,
                       .is_write = access.is_write,
                       .is_aligned = fits_granules(access),
                       .site = sites_.site(*access.instruction, access.pointer),
                       .frame = stack.frame(),
                       .seen = access.seen},
                      is_rare(before) ? FilterPlace::kCalled : FilterPlace::kInline);
}

void AccessHooks::range_at(llvm::Instruction& before, const MemoryAccess& access,
                           llvm::Value* pointer, llvm::Value* bytes, CallStack& stack) {
  if (has_assembly_) {
    PlacedBuilder builder(before, *access.instruction);
    return add_range_assembly(builder,
                              {.base = pointer,
                               .is_write = access.is_write,
                               .site = sites_.site(*access.instruction, access.pointer),
                               .frame = stack.frame()},
                              builder.CreateZExtOrTrunc(bytes, builder.getInt64Ty()));
  }
  llvm::Value* filter = nullptr;
  PlacedBuilder builder(*when_recording(before, *access.instruction, filter), *access.instruction);
  stack.restore(builder);
  builder.CreateCall(
      hook(module_, access.is_write ? "__raddle_write_range" : "__raddle_read_range"),
      {pointer, builder.CreateZExtOrTrunc(bytes, builder.getInt64Ty()),
       sites_.site(*access.instruction, access.pointer)});
}

void AccessHooks::group(const ReadGroup& group, CallStack& stack) {
  llvm::Instruction& first = *group.members.front().access.instruction;
  FilteredGroup filtered{
      .base = group.base, .lowest = group.lowest, .frame = stack.frame(), .seen = group.seen};
  std::vector<SiteTable::Member> members;
  for (const ReadGroup::Member& member : group.members) {
    const MemoryAccess& access = member.access;
    filtered.add(member.offset - group.lowest, access.size_bytes);
    members.push_back({sites_.site(*access.instruction, access.pointer), member.offset,
                       static_cast<unsigned>(llvm::countr_zero(access.size_bytes))});
  }
  filtered.description = sites_.group(members, *first.getFunction());
  PlacedBuilder builder(first, first);
  add_group_assembly(builder, filtered);
}

void AccessHooks::loop(const LoopAccess& range, CallStack& stack) {
  const MemoryAccess& access = range.access;
  if (range.count == nullptr) {
    const auto* bytes = llvm::dyn_cast<llvm::ConstantInt>(range.bytes);
    const bool is_single = bytes != nullptr && bytes->getZExtValue() == access.size_bytes;
    if (is_single) return access_at(*range.at, access, range.lowest, stack);
    return range_at(*range.at, access, range.lowest, range.bytes, stack);
  }
  llvm::Value* filter = nullptr;
  PlacedBuilder builder(*when_recording(*range.at, *access.instruction, filter),
                        *access.instruction);
  stack.restore(builder);
  builder.CreateCall(
      hook(module_, access.is_write ? "__raddle_write_stride" : "__raddle_read_stride"),
      {range.lowest, range.count, range.stride_bytes, range.bytes,
       sites_.site(*access.instruction, access.pointer)});
}

// Scattered lanes have their addresses in a local of the function.
void AccessHooks::lanes_at(llvm::IRBuilder<>& builder, llvm::Instruction& instruction,
                           const IrregularPart& part) {
  llvm::Value* pointer = part.pointer;
  const bool is_scattered = pointer->getType()->isVectorTy();
  if (is_scattered) {
    llvm::IRBuilder<> at_top(&*instruction.getFunction()->getEntryBlock().getFirstInsertionPt());
    llvm::AllocaInst* addresses = at_top.CreateAlloca(pointer->getType());
    builder.CreateStore(pointer, addresses);
    pointer = addresses;
  }
  const std::string name = std::string(part.is_write ? "__raddle_write_" : "__raddle_read_") +
                           (is_scattered ? "scattered" : "lanes");
  builder.CreateCall(hook(module_, name), {pointer, part.lanes, part.bytes,
                                           is_scattered ? sites_.unnamed_site(instruction)
                                                        : sites_.site(instruction, pointer)});
}

void AccessHooks::parts_at(llvm::IRBuilder<>& builder, llvm::Instruction& instruction,
                           const std::vector<IrregularPart>& parts) {
  for (const IrregularPart& part : parts) {
    if (is_uninteresting(part.pointer, part.is_write)) continue;
    if (part.lanes != nullptr) {
      lanes_at(builder, instruction, part);
      continue;
    }
    builder.CreateCall(
        hook(module_, part.is_write ? "__raddle_write_range" : "__raddle_read_range"),
        {part.pointer, part.bytes, sites_.site(instruction, part.pointer)});
  }
}

void AccessHooks::irregular(llvm::Instruction& instruction, CallStack& stack) {
  llvm::Value* filter = nullptr;
  PlacedBuilder builder(*when_recording(stack.before(instruction), instruction, filter),
                        instruction);
  stack.restore(builder);
  parts_at(builder, instruction, parts_of(instruction, builder));
  if (!has_library_results(instruction)) return;
  PlacedBuilder behind(*when_recording(*instruction.getNextNode(), instruction, filter),
                       instruction);
  stack.restore(behind);
  parts_at(behind, instruction, library_results(instruction, behind));
}

}  // namespace raddle::pass
