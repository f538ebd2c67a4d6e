// SPDX-License-Identifier: Apache-2.0
// A run of any size, made up in memory.
#pragma once

#include <cstddef>

#include "analyzer/model/finding.h"

namespace raddle::bench {

// `span_count` spans over `lane_count` tasks, 10 us long on the average, now and then a hundred
// times as long; a deadlock of the first two tasks at the end. Tasks that are alike are folded into
// one row, others have a name each. The same arguments give the same run.
Analysis large_run(std::size_t span_count, std::size_t lane_count, bool are_alike);

}  // namespace raddle::bench
