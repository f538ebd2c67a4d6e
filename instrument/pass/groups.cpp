// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/groups.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "instrument/pass/access_hooks.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/Module.h"
#include "runtime/hooks/hooks.h"

namespace raddle::pass {
namespace {

using Member = ReadGroup::Member;

constexpr std::int64_t kGranuleBytes = 8;

// How far the base lies behind the begin of its granule; less than 0: none of the reads tells.
std::int64_t base_in_granule(const std::vector<Member>& reads) {
  for (const Member& read : reads) {
    if (read.access.alignment_bytes >= kGranuleBytes) return -read.offset & (kGranuleBytes - 1);
  }
  return -1;
}

// What can be said of the reads of a stretch that have one base: groups, and the others.
class Grouping {
 public:
  Grouping(std::vector<ReadGroup>& groups, std::vector<MemoryAccess>& others)
      : groups_(groups), others_(others) {}

  void add(llvm::Value* base, std::vector<Member> reads) {
    const std::int64_t in_granule = base_in_granule(reads);
    while (in_granule >= 0 && reads.size() > 1) take_lowest(base, in_granule, reads);
    for (const Member& read : reads) others_.push_back(read.access);
  }

 private:
  void take_lowest(llvm::Value* base, std::int64_t in_granule, std::vector<Member>& reads) {
    const std::int64_t first = std::ranges::min_element(reads, {}, &Member::offset)->offset;
    const std::int64_t lowest = first - ((first + in_granule) & (kGranuleBytes - 1));
    const std::int64_t end = lowest + std::int64_t{hooks::kMostGranules} * kGranuleBytes;
    ReadGroup group{.base = base, .lowest = lowest, .members = {}, .seen = nullptr};
    std::erase_if(reads, [&](const Member& read) {
      if (read.offset + static_cast<std::int64_t>(read.access.size_bytes) > end) return false;
      group.members.push_back(read);
      return true;
    });
    if (group.members.size() > 1) {
      groups_.push_back(std::move(group));
    } else {
      for (const Member& read : group.members) others_.push_back(read.access);
    }
  }

  std::vector<ReadGroup>& groups_;
  std::vector<MemoryAccess>& others_;
};

}  // namespace

std::vector<ReadGroup> take_groups(llvm::Function& function, std::vector<MemoryAccess>& accesses) {
  const llvm::DataLayout& layout = function.getParent()->getDataLayout();
  constexpr std::int64_t kMostOffset = std::numeric_limits<std::int32_t>::max() / 2;
  std::vector<ReadGroup> groups;
  std::vector<MemoryAccess> others;
  Grouping grouping(groups, others);
  llvm::DenseMap<const llvm::Instruction*, llvm::SmallVector<MemoryAccess, 1>> reads;
  for (const MemoryAccess& access : accesses) {
    if (!access.is_write && has_own_hook(access) && fits_granules(access) &&
        !is_rare(*access.instruction)) {
      reads[access.instruction].push_back(access);
    } else {
      others.push_back(access);
    }
  }
  for (llvm::BasicBlock& block : function) {
    llvm::MapVector<llvm::Value*, std::vector<Member>> by_base;
    const auto end_stretch = [&] {
      for (auto& [base, members] : by_base) grouping.add(base, std::move(members));
      by_base.clear();
    };
    for (llvm::Instruction& instruction : block) {
      if (ends_stretch(instruction)) end_stretch();
      const auto own = reads.find(&instruction);
      if (own == reads.end()) continue;
      for (const MemoryAccess& access : own->second) {
        llvm::APInt offset(layout.getIndexTypeSizeInBits(access.pointer->getType()), 0);
        llvm::Value* base = access.pointer->stripAndAccumulateConstantOffsets(
            layout, offset, /*AllowNonInbounds=*/true);
        const std::int64_t bytes = offset.getSExtValue();
        if (bytes > kMostOffset || bytes < -kMostOffset) {
          others.push_back(access);
        } else {
          by_base[base].push_back({access, bytes});
        }
      }
    }
    end_stretch();
  }
  accesses = std::move(others);
  return groups;
}

}  // namespace raddle::pass
