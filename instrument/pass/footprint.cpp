// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/footprint.h"

#include <algorithm>
#include <iterator>

#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Instructions.h"

namespace raddle::pass {
namespace {

// The distance by which an address moves a round, or null.
const llvm::SCEV* step_of(const llvm::SCEV* address, const llvm::Loop& loop,
                          llvm::ScalarEvolution& evolution) {
  const auto* moving = llvm::dyn_cast<llvm::SCEVAddRecExpr>(address);
  if (moving == nullptr || moving->getLoop() != &loop || !moving->isAffine()) return nullptr;
  return moving->getStepRecurrence(evolution);
}

const llvm::SCEV* start_of(const llvm::SCEV* address) {
  return llvm::cast<llvm::SCEVAddRecExpr>(address)->getStart();
}

bool is_same_place(const Footprint& one, const Footprint& other) {
  const llvm::DILocation* here = one.access->instruction->getDebugLoc().get();
  const llvm::DILocation* there = other.access->instruction->getDebugLoc().get();
  if (here == nullptr || there == nullptr) return here == there;
  return here->getLine() == there->getLine() && here->getScope() == there->getScope() &&
         here->getInlinedAt() == there->getInlinedAt();
}

}  // namespace

Footprint footprint_of(const MemoryAccess& access, llvm::ScalarEvolution& evolution) {
  auto* word = llvm::Type::getInt64Ty(access.instruction->getContext());
  return {.access = &access,
          .block = access.instruction->getParent(),
          .lowest = evolution.getSCEV(access.pointer),
          .bytes = evolution.getConstant(word, access.size_bytes)};
}

bool Stride::is_invariant(const llvm::SCEV* what) const {
  return what == nullptr || evolution_.isLoopInvariant(what, &loop_);
}

const llvm::SCEV* Stride::rounds() const {
  return evolution_.getAddExpr(back_edges_, evolution_.getOne(back_edges_->getType()));
}

bool Stride::lift(Footprint& footprint) const {
  if (!is_invariant(footprint.count) || !is_invariant(footprint.stride_bytes) ||
      !is_invariant(footprint.bytes))
    return false;
  if (is_invariant(footprint.lowest)) return true;
  const llvm::SCEV* step = step_of(footprint.lowest, loop_, evolution_);
  if (step == nullptr || back_edges_ == nullptr || step->getType() != back_edges_->getType())
    return false;
  const llvm::SCEV* start = start_of(footprint.lowest);
  const llvm::SCEV* zero = evolution_.getZero(step->getType());
  if (evolution_.isKnownNegative(step)) {
    start = evolution_.getAddExpr(start, evolution_.getMulExpr(back_edges_, step));
    step = evolution_.getNegativeSCEV(step);
  } else if (!evolution_.isLoopEntryGuardedByCond(&loop_, llvm::ICmpInst::ICMP_SGT, step, zero)) {
    return false;
  }
  footprint.lowest = start;
  return footprint.count == nullptr ? grow_block(footprint, step) : grow_row(footprint, step);
}

// One block of bytes a round: one long block if they touch, else a row of blocks.
bool Stride::grow_block(Footprint& footprint, const llvm::SCEV* step) const {
  const auto* constant_step = llvm::dyn_cast<llvm::SCEVConstant>(step);
  const auto* constant_bytes = llvm::dyn_cast<llvm::SCEVConstant>(footprint.bytes);
  const bool touches =
      footprint.bytes == step || (constant_step != nullptr && constant_bytes != nullptr &&
                                  constant_step->getAPInt().ule(constant_bytes->getAPInt()));
  if (touches) {
    footprint.bytes =
        evolution_.getAddExpr(evolution_.getMulExpr(back_edges_, step), footprint.bytes);
  } else {
    footprint.count = rounds();
    footprint.stride_bytes = step;
  }
  return true;
}

// A row of blocks a round: a longer row if the next one begins where this one would go on.
bool Stride::grow_row(Footprint& footprint, const llvm::SCEV* step) const {
  if (evolution_.getMulExpr(footprint.count, footprint.stride_bytes) != step) return false;
  footprint.count = evolution_.getMulExpr(footprint.count, rounds());
  return true;
}

namespace {

struct Neighbour {
  std::int64_t distance = 0;  // from the first of the row
  Footprint* footprint = nullptr;
};

std::int64_t constant_bytes(const Footprint& footprint) {
  return llvm::cast<llvm::SCEVConstant>(footprint.bytes)->getAPInt().getSExtValue();
}

// The parts of a row, sorted by distance, that touch one another; longer than one.
std::vector<std::vector<Footprint*>> touching_parts(const std::vector<Neighbour>& row) {
  std::vector<std::vector<Footprint*>> parts;
  for (std::size_t i = 0; i < row.size();) {
    std::vector<Footprint*> part = {row[i].footprint};
    std::int64_t end = row[i].distance + constant_bytes(*row[i].footprint);
    for (++i; i < row.size() && row[i].distance <= end; ++i) {
      end = std::max(end, row[i].distance + constant_bytes(*row[i].footprint));
      part.push_back(row[i].footprint);
    }
    if (part.size() > 1) parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace

std::vector<std::vector<Footprint*>> neighbours_among(const std::vector<Footprint*>& footprints,
                                                      const llvm::Loop& loop,
                                                      llvm::ScalarEvolution& evolution) {
  constexpr std::size_t kMost = 200;  // the search is quadratic
  std::vector<std::vector<Footprint*>> result;
  if (footprints.size() > kMost) return result;
  std::vector<Footprint*> rest;
  std::ranges::copy_if(footprints, std::back_inserter(rest), [&](const Footprint* footprint) {
    return footprint->count == nullptr && llvm::isa<llvm::SCEVConstant>(footprint->bytes) &&
           step_of(footprint->lowest, loop, evolution) != nullptr;
  });
  while (rest.size() > 1) {
    const Footprint& first = *rest.front();
    std::vector<Neighbour> row;
    std::erase_if(rest, [&](Footprint* other) {
      if (other->access->is_write != first.access->is_write || !is_same_place(first, *other))
        return false;
      const auto* distance =
          llvm::dyn_cast<llvm::SCEVConstant>(evolution.getMinusSCEV(other->lowest, first.lowest));
      if (distance == nullptr) return false;
      row.push_back({distance->getAPInt().getSExtValue(), other});
      return true;
    });
    std::ranges::stable_sort(row, {}, &Neighbour::distance);
    for (auto& part : touching_parts(row)) result.push_back(std::move(part));
  }
  return result;
}

Footprint all_of(const std::vector<Footprint*>& touching, llvm::ScalarEvolution& evolution) {
  Footprint all = *touching.front();
  std::int64_t bytes = 0;
  for (const Footprint* footprint : touching) {
    const auto* distance =
        llvm::cast<llvm::SCEVConstant>(evolution.getMinusSCEV(footprint->lowest, all.lowest));
    bytes = std::max(bytes, distance->getAPInt().getSExtValue() + constant_bytes(*footprint));
  }
  all.bytes = evolution.getConstant(all.bytes->getType(), static_cast<std::uint64_t>(bytes));
  return all;
}

}  // namespace raddle::pass
