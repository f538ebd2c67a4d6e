// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/eliminate.h"

#include <map>
#include <optional>

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {
namespace {

// "These bytes, at this distance from this value, were accessed": available until the next release.
struct Fact {
  const llvm::Value* base = nullptr;
  std::int64_t offset = 0;
  std::uint64_t bytes = 0;
  bool is_write = false;
  auto operator<=>(const Fact&) const = default;
};

bool implies(const Fact& earlier, const Fact& later) {
  return earlier.is_write >= later.is_write && earlier.offset <= later.offset &&
         earlier.offset + static_cast<std::int64_t>(earlier.bytes) >=
             later.offset + static_cast<std::int64_t>(later.bytes);
}

class Availability {
 public:
  Availability(llvm::Function& function, const std::vector<MemoryAccess>& accesses)
      : function_(function) {
    const llvm::DataLayout& layout = function.getParent()->getDataLayout();
    for (const MemoryAccess& access : accesses) {
      llvm::APInt offset(layout.getIndexTypeSizeInBits(access.pointer->getType()), 0);
      const llvm::Value* base = access.pointer->stripAndAccumulateConstantOffsets(
          layout, offset, /*AllowNonInbounds=*/true);
      add({base, offset.getSExtValue(), access.size_bytes, access.is_write}, access.instruction);
    }
  }

  std::size_t fact_count() const { return facts_.size(); }

  // Iterates to the greatest fixed point; false if it was not reached.
  bool solve() {
    const llvm::ReversePostOrderTraversal<llvm::Function*> order(&function_);
    constexpr int kRounds = 20;
    for (int round = 0; round < kRounds; ++round) {
      bool has_changed = false;
      for (llvm::BasicBlock* block : order) {
        llvm::BitVector out = transfer(*block, nullptr);
        auto [known, is_new] = out_.try_emplace(block, out);
        if (!is_new && known->second == out) continue;
        known->second = out;
        has_changed = true;
      }
      if (!has_changed) return true;
    }
    return false;
  }

  // For each access, in the order given: whether an earlier one implies it.
  llvm::BitVector implied() {
    llvm::BitVector result(static_cast<unsigned>(fact_of_.size()), false);
    for (llvm::BasicBlock& block : function_) {
      if (out_.count(&block) != 0) transfer(block, &result);  // not: unreachable ones
    }
    return result;
  }

 private:
  void add(const Fact& fact, const llvm::Instruction* instruction) {
    const auto [entry, is_new] = index_.try_emplace(fact, facts_.size());
    if (is_new) {
      facts_.push_back(fact);
      by_base_[fact.base].push_back(entry->second);
    }
    by_instruction_[instruction].push_back(fact_of_.size());
    fact_of_.push_back(entry->second);
  }

  llvm::BitVector at_entry(llvm::BasicBlock& block) const {
    llvm::BitVector facts(static_cast<unsigned>(facts_.size()), false);
    if (&block == &function_.getEntryBlock()) return facts;
    bool is_first = true;
    for (llvm::BasicBlock* predecessor : llvm::predecessors(&block)) {
      const auto known = out_.find(predecessor);
      if (known == out_.end()) continue;  // not yet reached: assumed to have everything
      if (is_first)
        facts = known->second;
      else
        facts &= known->second;
      is_first = false;
    }
    return facts;
  }

  llvm::BitVector transfer(llvm::BasicBlock& block, llvm::BitVector* implied) {
    llvm::BitVector facts = at_entry(block);
    for (const llvm::Instruction& instruction : block) {
      // A value made anew (in a loop) is another address.
      if (const auto based = by_base_.find(&instruction); based != by_base_.end()) {
        for (const std::size_t fact : based->second) facts.reset(static_cast<unsigned>(fact));
      }
      if (may_release(instruction)) facts.reset();
      const auto own = by_instruction_.find(&instruction);
      if (own == by_instruction_.end()) continue;
      for (const std::size_t access : own->second) {
        if (implied != nullptr && is_implied(facts, facts_[fact_of_[access]])) {
          implied->set(static_cast<unsigned>(access));
        }
        facts.set(static_cast<unsigned>(fact_of_[access]));
      }
    }
    return facts;
  }

  bool is_implied(const llvm::BitVector& available, const Fact& fact) const {
    for (const std::size_t other : by_base_.find(fact.base)->second) {
      if (available.test(static_cast<unsigned>(other)) && implies(facts_[other], fact)) return true;
    }
    return false;
  }

  llvm::Function& function_;
  std::vector<Fact> facts_;
  std::map<Fact, std::size_t> index_;
  llvm::DenseMap<const llvm::Value*, llvm::SmallVector<std::size_t, 4>> by_base_;
  std::vector<std::size_t> fact_of_;  // by access
  llvm::DenseMap<const llvm::Instruction*, llvm::SmallVector<std::size_t, 2>> by_instruction_;
  llvm::DenseMap<const llvm::BasicBlock*, llvm::BitVector> out_;
};

}  // namespace

std::vector<MemoryAccess> without_implied(llvm::Function& function,
                                          std::vector<MemoryAccess> accesses) {
  constexpr std::size_t kMostFacts = 4000;  // beyond, the sets cost more than they save
  if (accesses.size() < 2) return accesses;
  Availability availability(function, accesses);
  if (availability.fact_count() > kMostFacts || !availability.solve()) return accesses;
  const llvm::BitVector implied = availability.implied();
  std::vector<MemoryAccess> kept;
  for (std::size_t i = 0; i < accesses.size(); ++i) {
    if (!implied.test(static_cast<unsigned>(i))) kept.push_back(accesses[i]);
  }
  return kept;
}

}  // namespace raddle::pass
