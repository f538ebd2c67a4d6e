// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/loops.h"

#include <optional>

#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

namespace raddle::pass {
namespace {

constexpr std::int64_t kMostStride = 1 << 30;

bool is_quiet(const llvm::Instruction& instruction) {
  return !may_synchronize(instruction) &&
         llvm::isGuaranteedToTransferExecutionToSuccessor(&instruction);
}

class LoopRanges {
 public:
  LoopRanges(llvm::Function& function, llvm::FunctionAnalysisManager& analyses)
      : loops_(analyses.getResult<llvm::LoopAnalysis>(function)),
        dominators_(analyses.getResult<llvm::DominatorTreeAnalysis>(function)),
        evolution_(analyses.getResult<llvm::ScalarEvolutionAnalysis>(function)),
#if LLVM_VERSION_MAJOR >= 22
        expander_(evolution_, "raddle")
#else
        expander_(evolution_, function.getParent()->getDataLayout(), "raddle")
#endif
  {
  }

  bool has_loops() const { return !loops_.empty(); }

  std::optional<LoopAccess> range_of(const MemoryAccess& access) {
    llvm::BasicBlock* block = access.instruction->getParent();
    llvm::Loop* loop = loops_.getLoopFor(block);
    if (loop == nullptr || !is_regular(*loop) || !is_in_every_iteration(*loop, block)) return {};
    const auto* step = llvm::dyn_cast<llvm::SCEVAddRecExpr>(evolution_.getSCEV(access.pointer));
    if (step == nullptr || step->getLoop() != loop || !step->isAffine()) return {};
    const auto* constant = llvm::dyn_cast<llvm::SCEVConstant>(step->getStepRecurrence(evolution_));
    if (constant == nullptr || constant->getAPInt().getSignificantBits() > 32) return {};
    const std::int64_t stride = constant->getAPInt().getSExtValue();
    if (stride == 0 || stride > kMostStride || stride < -kMostStride) return {};
    return expand(access, *loop, *step, stride);
  }

 private:
  bool is_regular(llvm::Loop& loop) {
    const auto [entry, is_new] = regular_.try_emplace(&loop, false);
    if (!is_new) return entry->second;
    llvm::BasicBlock* preheader = loop.getLoopPreheader();
    if (preheader == nullptr || loop.getExitingBlock() == nullptr) return false;
    const llvm::SCEV* back_edges = evolution_.getBackedgeTakenCount(&loop);
    if (llvm::isa<llvm::SCEVCouldNotCompute>(back_edges)) return false;
    if (evolution_.getTypeSizeInBits(back_edges->getType()) > 64) return false;
    if (!expander_.isSafeToExpandAt(back_edges, preheader->getTerminator())) return false;
    for (const llvm::BasicBlock* block : loop.blocks()) {
      for (const llvm::Instruction& instruction : *block) {
        if (!is_quiet(instruction)) return false;
      }
    }
    return regular_[&loop] = true;
  }

  bool is_in_every_iteration(llvm::Loop& loop, llvm::BasicBlock* block) {
    llvm::SmallVector<llvm::BasicBlock*, 4> latches;
    loop.getLoopLatches(latches);
    for (llvm::BasicBlock* latch : latches) {
      if (!dominators_.dominates(block, latch)) return false;
    }
    return dominators_.dominates(block, loop.getExitingBlock());
  }

  std::optional<LoopAccess> expand(const MemoryAccess& access, llvm::Loop& loop,
                                   const llvm::SCEVAddRecExpr& step, std::int64_t stride) {
    llvm::Instruction* at = loop.getLoopPreheader()->getTerminator();
    auto* word = llvm::Type::getInt64Ty(access.instruction->getContext());
    const llvm::SCEV* back_edges =
        evolution_.getTruncateOrZeroExtend(evolution_.getBackedgeTakenCount(&loop), word);
    const std::uint64_t distance = static_cast<std::uint64_t>(stride < 0 ? -stride : stride);
    const llvm::SCEV* lowest = step.getStart();
    if (stride < 0) {
      lowest = evolution_.getAddExpr(
          lowest,
          evolution_.getMulExpr(
              back_edges, evolution_.getConstant(word, static_cast<std::uint64_t>(stride), true)));
    }
    const bool is_contiguous = distance <= access.size_bytes;
    const llvm::SCEV* covered =
        is_contiguous
            ? evolution_.getAddExpr(
                  evolution_.getMulExpr(back_edges, evolution_.getConstant(word, distance)),
                  evolution_.getConstant(word, access.size_bytes))
            : evolution_.getAddExpr(back_edges, evolution_.getOne(word));
    if (!expander_.isSafeToExpandAt(lowest, at) || !expander_.isSafeToExpandAt(covered, at))
      return {};
    LoopAccess range{.access = access, .at = at};
    range.lowest = expander_.expandCodeFor(lowest, access.pointer->getType(), at->getIterator());
    llvm::Value* number = expander_.expandCodeFor(covered, word, at->getIterator());
    llvm::Constant* one = llvm::ConstantInt::get(word, 1);
    range.count = is_contiguous ? one : number;
    range.bytes = is_contiguous ? number : llvm::ConstantInt::get(word, access.size_bytes);
    range.stride_bytes = is_contiguous ? nullptr : llvm::ConstantInt::get(word, distance);
    return range;
  }

  llvm::LoopInfo& loops_;
  llvm::DominatorTree& dominators_;
  llvm::ScalarEvolution& evolution_;
  llvm::SCEVExpander expander_;
  llvm::DenseMap<const llvm::Loop*, bool> regular_;
};

}  // namespace

std::vector<LoopAccess> take_loop_accesses(llvm::Function& function,
                                           llvm::FunctionAnalysisManager& analyses,
                                           std::vector<MemoryAccess>& accesses) {
  std::vector<LoopAccess> taken;
  if (accesses.empty() || function.hasFnAttribute(llvm::Attribute::OptimizeNone)) return taken;
  LoopRanges ranges(function, analyses);
  if (!ranges.has_loops()) return taken;
  std::erase_if(accesses, [&](const MemoryAccess& access) {
    if (access.pointer->getType()->getPointerAddressSpace() != 0) return false;
    std::optional<LoopAccess> range = ranges.range_of(access);
    if (range) taken.push_back(*range);
    return range.has_value();
  });
  return taken;
}

}  // namespace raddle::pass
