// SPDX-License-Identifier: Apache-2.0
// Tasks that a running program has lost, as findings.
#pragma once

#include "analyzer/model/finding.h"
#include "leaks/leaks.h"

namespace raddle {

// Those that wait in the same way at the same place are one finding. Reads the debug information of
// the program's files.
Analysis describe(const leaks::Snapshot& snapshot);

}  // namespace raddle
