// SPDX-License-Identifier: Apache-2.0
// When a finding happened: its waits, and the time that shows it.
#pragma once

#include <cstdint>

#include "analyzer/model/finding.h"

namespace raddle::viewer {

// The begin and end of the span that holds at the party's time.
std::int64_t wait_begin(const Run& run, const Party& party);
std::int64_t wait_end(const Run& run, const Party& party);
// Whether the party does not run at its time, and never does again.
bool waits_to_the_end(const Run& run, const Party& party);

struct TimeRange {
  double begin_ns = 0;
  double end_ns = 0;
};
// The time that shows the whole of a finding: when it began, and enough of what follows.
TimeRange range_of(const Run& run, const Finding& finding);

}  // namespace raddle::viewer
