// SPDX-License-Identifier: Apache-2.0
// How the run stood when its trace begins, where that is later: the trace has given up what was
// before (trace/cut.h).
#pragma once

#include <cstdint>
#include <vector>

#include "trace/reader.h"

namespace raddle::load {

struct LateBeginning {
  std::uint64_t events = 0;  // that there were before; 0: the trace begins with the run
  // The locks that tasks held: those that they release without having taken them. Of each an event
  // that takes it; in which order they did is not known.
  std::vector<trace::Event> held;
};

LateBeginning late_beginning(const trace::Reader& reader);

}  // namespace raddle::load
