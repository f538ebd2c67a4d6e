// SPDX-License-Identifier: Apache-2.0
// Which of its arguments a call of printf and its kin prints as strings.
#pragma once

#include <cstdint>
#include <vector>

#include "llvm/IR/InstrTypes.h"

namespace raddle::pass {

struct PrintedString {
  llvm::Value* pointer = nullptr;
  std::uint64_t most_bytes = ~std::uint64_t{0};  // the precision
  llvm::Value* precision = nullptr;              // as an argument; a negative one is none
};

// `format`: which argument the format is, with those that it prints behind it. None where the
// format is not a constant, or numbers its arguments.
std::vector<PrintedString> printed_strings(const llvm::CallBase& call, unsigned format);

}  // namespace raddle::pass
