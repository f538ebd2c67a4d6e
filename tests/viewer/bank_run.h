// SPDX-License-Identifier: Apache-2.0
// A run written by hand: a bank whose transfers deadlock, with a race, a leak and a channel misuse
// beside it.
#pragma once

#include "analyzer/model/finding.h"

namespace raddle::viewer {

// Findings: 1 deadlock (T2, T3), 2 data race (T4, T5), 3 task leak (T6, with T7), 4 channel misuse
// (T8, T9). Task 1 is main; `idle_tasks` more follow.
Analysis bank_run(unsigned idle_tasks = 12);

}  // namespace raddle::viewer
