// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/once.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "instrument/pass/access_hooks.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {
namespace {

constexpr std::size_t kMostWords = 64;  // of a frame

class Words {
 public:
  Words(llvm::Function& function, llvm::LoopInfo& loops) : function_(function), loops_(loops) {}

  // Null: it does not pay.
  llvm::AllocaInst* word_of(const MemoryAccess& access) {
    if (is_rare(*access.instruction)) return nullptr;
    const llvm::DataLayout& layout = function_.getParent()->getDataLayout();
    llvm::APInt offset(layout.getIndexTypeSizeInBits(access.pointer->getType()), 0);
    const llvm::Value* base = access.pointer->stripAndAccumulateConstantOffsets(
        layout, offset, /*AllowNonInbounds=*/true);
    const llvm::Loop* loop = loop_of(*access.instruction, base);
    if (loop == nullptr) return nullptr;
    return word({loop, base, offset.getSExtValue(), access.size_bytes, access.is_write});
  }

  llvm::AllocaInst* word_of(const ReadGroup& group) {
    const llvm::Loop* loop = loop_of(*group.members.front().access.instruction, group.base);
    if (loop == nullptr || count_ == kMostWords) return nullptr;
    return new_word(*loop);  // of its own: others hardly read all the same
  }

 private:
  using Fact = std::tuple<const llvm::Loop*, const llvm::Value*, std::int64_t, std::uint64_t, bool>;

  // The outermost loop in which the base stays, if it is in one where the tick stays too.
  const llvm::Loop* loop_of(const llvm::Instruction& instruction, const llvm::Value* base) {
    const llvm::Loop* loop = loops_.getLoopFor(instruction.getParent());
    if (loop == nullptr || !loop->isLoopInvariant(base) || !is_quiet(*loop)) return nullptr;
    while (loop->getParentLoop() != nullptr && loop->getParentLoop()->isLoopInvariant(base)) {
      loop = loop->getParentLoop();
    }
    return loop->getLoopPreheader() == nullptr ? nullptr : loop;
  }

  bool is_quiet(const llvm::Loop& loop) {
    const auto [known, is_new] = quiet_.try_emplace(&loop, false);
    if (!is_new) return known->second;
    known->second = std::ranges::all_of(loop.blocks(), [](const llvm::BasicBlock* block) {
      return std::ranges::none_of(*block, [](const llvm::Instruction& instruction) {
        return may_synchronize(instruction);
      });
    });
    return known->second;
  }

  llvm::AllocaInst* word(const Fact& fact) {
    const auto known = words_.find(fact);
    if (known != words_.end()) return known->second;
    if (count_ == kMostWords) return nullptr;
    return words_[fact] = new_word(*std::get<0>(fact));
  }

  llvm::AllocaInst* new_word(const llvm::Loop& loop) {
    ++count_;
    llvm::IRBuilder<> at_top(&*function_.getEntryBlock().getFirstInsertionPt());
    llvm::AllocaInst* word = at_top.CreateAlloca(at_top.getInt64Ty(), nullptr, "raddle.seen");
    llvm::IRBuilder<> before(loop.getLoopPreheader()->getTerminator());
    before.CreateStore(before.getInt64(0), word);
    return word;
  }

  llvm::Function& function_;
  llvm::LoopInfo& loops_;
  llvm::DenseMap<const llvm::Loop*, bool> quiet_;
  std::map<Fact, llvm::AllocaInst*> words_;
  std::size_t count_ = 0;
};

}  // namespace

void look_once(llvm::Function& function, llvm::FunctionAnalysisManager& analyses,
               std::vector<MemoryAccess>& accesses, std::vector<ReadGroup>& groups) {
  if (function.hasFnAttribute(llvm::Attribute::OptimizeNone)) return;
  auto& loops = analyses.getResult<llvm::LoopAnalysis>(function);
  if (loops.empty()) return;
  Words words(function, loops);
  for (MemoryAccess& access : accesses) access.seen = words.word_of(access);
  for (ReadGroup& group : groups) group.seen = words.word_of(group);
}

}  // namespace raddle::pass
