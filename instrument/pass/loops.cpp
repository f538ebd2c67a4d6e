// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/loops.h"

#include <algorithm>

#include "instrument/pass/footprint.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

namespace raddle::pass {
namespace {

bool is_quiet(const llvm::Instruction& instruction) {
  return !may_synchronize(instruction) &&
         llvm::isGuaranteedToTransferExecutionToSuccessor(&instruction);
}

class LoopLifter {
 public:
  LoopLifter(llvm::Function& function, llvm::FunctionAnalysisManager& analyses)
      : function_(function),
        loops_(analyses.getResult<llvm::LoopAnalysis>(function)),
        dominators_(analyses.getResult<llvm::DominatorTreeAnalysis>(function)),
        evolution_(analyses.getResult<llvm::ScalarEvolutionAnalysis>(function)),
#if LLVM_VERSION_MAJOR >= 22
        expander_(evolution_, "raddle")
#else
        expander_(evolution_, function.getParent()->getDataLayout(), "raddle")
#endif
  {
  }

  // Inner loops first, so that what they cover in one round of the outer one is known there.
  void lift(std::vector<Footprint>& footprints) {
    auto order = loops_.getLoopsInPreorder();
    std::reverse(order.begin(), order.end());
    for (llvm::Loop* loop : order) {
      if (is_regular(*loop)) lift_out_of(*loop, footprints);
    }
  }

  bool is_in_regular_loop(const llvm::BasicBlock* block) {
    llvm::Loop* loop = loops_.getLoopFor(block);
    return loop != nullptr && is_regular(*loop) && is_in_every_iteration(*loop, block);
  }

  LoopAccess expand(const Footprint& footprint) {
    llvm::Instruction* at = footprint.block->getTerminator();
    auto* word = llvm::Type::getInt64Ty(function_.getContext());
    const auto value = [&](const llvm::SCEV* what) -> llvm::Value* {
      return what == nullptr ? nullptr : expander_.expandCodeFor(what, word, at->getIterator());
    };
    LoopAccess result{.access = *footprint.access, .at = at};
    result.lowest = expander_.expandCodeFor(footprint.lowest, footprint.access->pointer->getType(),
                                            at->getIterator());
    result.count = value(footprint.count);
    result.stride_bytes = value(footprint.stride_bytes);
    result.bytes = value(footprint.bytes);
    return result;
  }

 private:
  // Quiet, and entered and left where we can see it.
  bool is_regular(llvm::Loop& loop) {
    const auto known = regular_.find(&loop);
    if (known != regular_.end()) return known->second;
    return regular_[&loop] = loop.getLoopPreheader() != nullptr && has_quiet_body(loop);
  }

  bool has_quiet_body(llvm::Loop& loop) {
    for (const llvm::Loop* inner : loop.getSubLoops()) {
      const bool ends = function_.mustProgress() || !llvm::isa<llvm::SCEVCouldNotCompute>(
                                                        evolution_.getBackedgeTakenCount(inner));
      if (!ends) return false;
    }
    return std::ranges::all_of(loop.blocks(), [](const llvm::BasicBlock* block) {
      return std::ranges::all_of(
          *block, [](const llvm::Instruction& instruction) { return is_quiet(instruction); });
    });
  }

  bool is_in_every_iteration(llvm::Loop& loop, const llvm::BasicBlock* block) {
    llvm::SmallVector<llvm::BasicBlock*, 8> ends;
    loop.getLoopLatches(ends);
    loop.getExitingBlocks(ends);
    return std::ranges::all_of(
        ends, [&](const llvm::BasicBlock* end) { return dominators_.dominates(block, end); });
  }

  // The number of rounds less one, or null.
  const llvm::SCEV* back_edges(llvm::Loop& loop) {
    if (loop.getExitingBlock() == nullptr) return nullptr;
    const llvm::SCEV* count = evolution_.getBackedgeTakenCount(&loop);
    if (llvm::isa<llvm::SCEVCouldNotCompute>(count) ||
        evolution_.getTypeSizeInBits(count->getType()) > 64)
      return nullptr;
    return evolution_.getTruncateOrZeroExtend(count,
                                              llvm::Type::getInt64Ty(function_.getContext()));
  }

  void lift_out_of(llvm::Loop& loop, std::vector<Footprint>& footprints) {
    const Stride stride(evolution_, loop, back_edges(loop));
    const auto try_lift = [&](Footprint& footprint) {
      Footprint lifted = footprint;
      lifted.block = loop.getLoopPreheader();
      const bool can = stride.lift(lifted) && can_expand(lifted);
      if (can) footprint = lifted;
      return can;
    };
    std::vector<Footprint*> here;
    for (Footprint& footprint : footprints) {
      if (footprint.is_merged || loops_.getLoopFor(footprint.block) != &loop) continue;
      if (is_in_every_iteration(loop, footprint.block)) here.push_back(&footprint);
    }
    for (const std::vector<Footprint*>& touching : neighbours_among(here, loop, evolution_)) {
      Footprint all = all_of(touching, evolution_);
      if (!try_lift(all)) continue;
      for (Footprint* footprint : touching) footprint->is_merged = true;
      *touching.front() = all;
    }
    for (Footprint* footprint : here) {
      if (!footprint->is_merged && footprint->block != loop.getLoopPreheader())
        try_lift(*footprint);
    }
  }

  bool can_expand(const Footprint& footprint) {
    llvm::Instruction* at = footprint.block->getTerminator();
    return std::ranges::all_of(std::initializer_list{footprint.lowest, footprint.count,
                                                     footprint.stride_bytes, footprint.bytes},
                               [&](const llvm::SCEV* what) {
                                 return what == nullptr || expander_.isSafeToExpandAt(what, at);
                               });
  }

  llvm::Function& function_;
  llvm::LoopInfo& loops_;
  llvm::DominatorTree& dominators_;
  llvm::ScalarEvolution& evolution_;
  llvm::SCEVExpander expander_;
  llvm::DenseMap<const llvm::Loop*, bool> regular_;
};

}  // namespace

void prepare_loops(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
  if (function.hasFnAttribute(llvm::Attribute::OptimizeNone)) return;
  auto& loops = analyses.getResult<llvm::LoopAnalysis>(function);
  const auto all = loops.getLoopsInPreorder();
  if (std::ranges::all_of(
          all, [](const llvm::Loop* loop) { return loop->getLoopPreheader() != nullptr; }))
    return;
  analyses.invalidate(function, llvm::LoopSimplifyPass().run(function, analyses));
}

std::vector<LoopAccess> take_loop_accesses(llvm::Function& function,
                                           llvm::FunctionAnalysisManager& analyses,
                                           std::vector<MemoryAccess>& accesses) {
  std::vector<LoopAccess> taken;
  if (accesses.empty() || function.hasFnAttribute(llvm::Attribute::OptimizeNone)) return taken;
  if (analyses.getResult<llvm::LoopAnalysis>(function).empty()) return taken;
  LoopLifter lifter(function, analyses);
  auto& evolution = analyses.getResult<llvm::ScalarEvolutionAnalysis>(function);
  std::vector<Footprint> footprints;
  std::vector<MemoryAccess> others;
  for (const MemoryAccess& access : accesses) {
    if (lifter.is_in_regular_loop(access.instruction->getParent())) {
      footprints.push_back(footprint_of(access, evolution));
    } else {
      others.push_back(access);
    }
  }
  lifter.lift(footprints);
  for (const Footprint& footprint : footprints) {
    if (footprint.is_merged) continue;
    if (footprint.block == footprint.access->instruction->getParent()) {
      others.push_back(*footprint.access);
    } else {
      taken.push_back(lifter.expand(footprint));
    }
  }
  accesses = std::move(others);
  return taken;
}

}  // namespace raddle::pass
