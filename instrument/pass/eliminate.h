// SPDX-License-Identifier: Apache-2.0
// Drops accesses that an earlier one implies.
#pragma once

#include <vector>

#include "instrument/pass/select.h"

namespace raddle::pass {

// Drops an access A if on every path to it there is an earlier access B of the same bytes, at least
// as strong (a write implies a read), and no instruction between them that may release (select.h).
// Proof that every race is still found: let X conflict with A and be unordered with it. X is not
// ordered before B, for then it were before A too (program order). B is not ordered before X: that
// order would have to leave this task at a release after B, none lies between B and A, so A would
// be ordered before X as well. Hence X races with B, and B is recorded.
std::vector<MemoryAccess> without_implied(llvm::Function& function,
                                          std::vector<MemoryAccess> accesses);

}  // namespace raddle::pass
