// SPDX-License-Identifier: Apache-2.0
// The memory that an access covers in all rounds of the loops it was lifted out of.
#pragma once

#include <vector>

#include "instrument/pass/select.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"

namespace raddle::pass {

struct Footprint {
  const MemoryAccess* access = nullptr;
  llvm::BasicBlock* block =
      nullptr;  // an execution of it makes the whole footprint; a preheader once lifted
  const llvm::SCEV* lowest = nullptr;
  const llvm::SCEV* count = nullptr;         // null: one
  const llvm::SCEV* stride_bytes = nullptr;  // > 0; null with a null count
  const llvm::SCEV* bytes = nullptr;         // of one access
  bool is_merged = false;                    // into a neighbour's
};

// `access` must outlive the footprint.
Footprint footprint_of(const MemoryAccess& access, llvm::ScalarEvolution& evolution);

// How footprints grow from one round of a loop to all of them.
class Stride {
 public:
  // back_edges: the loop's rounds less one; null if unknown.
  Stride(llvm::ScalarEvolution& evolution, const llvm::Loop& loop, const llvm::SCEV* back_edges)
      : evolution_(evolution), loop_(loop), back_edges_(back_edges) {}

  // Makes `footprint`, which one round covers, what the loop covers; false: it cannot be said in
  // one record.
  bool lift(Footprint& footprint) const;

 private:
  bool is_invariant(const llvm::SCEV* what) const;
  bool grow_block(Footprint& footprint, const llvm::SCEV* step) const;
  bool grow_row(Footprint& footprint, const llvm::SCEV* step) const;
  const llvm::SCEV* rounds() const;

  llvm::ScalarEvolution& evolution_;
  const llvm::Loop& loop_;
  const llvm::SCEV* back_edges_;
};

// Unrolled loops make neighbouring accesses in one round. Groups of those that touch, do the same,
// and stand at one place in the source; each sorted by address and longer than one.
std::vector<std::vector<Footprint*>> neighbours_among(const std::vector<Footprint*>& footprints,
                                                      const llvm::Loop& loop,
                                                      llvm::ScalarEvolution& evolution);

// What such a group covers together.
Footprint all_of(const std::vector<Footprint*>& touching, llvm::ScalarEvolution& evolution);

}  // namespace raddle::pass
