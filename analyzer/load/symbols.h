// SPDX-License-Identifier: Apache-2.0
// What the debug information of a program says of code addresses, for traces that have nothing
// better: of code that was not compiled with raddle's flag.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/model/run.h"

namespace raddle::load {

// For each offset in `file` (a program or library) its frames, innermost first, calls that were
// inlined included, with names as users read them; no frames where nobody knows. Asks
// llvm-addr2line or addr2line, whichever there is; without either nothing is known. Blocks until it
// has answered.
std::vector<std::vector<Frame>> symbols_at(const std::string& file,
                                           const std::vector<std::uint64_t>& offsets);

// The answer of `addr2line -a -f -i`, in the order of the questions. Separate for tests.
std::vector<std::vector<Frame>> parse_symbols(const std::string& answer, std::size_t count);

}  // namespace raddle::load
