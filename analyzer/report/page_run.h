// SPDX-License-Identifier: Apache-2.0
// What of a run a page takes along.
#pragma once

#include <cstddef>

#include "analyzer/model/finding.h"
#include "analyzer/report/source.h"

namespace raddle::report {

// A copy of `analysis` for a page's viewer: with the source files that its stacks name, as far as
// they are there and small enough; and with `most_spans` spans or fewer. Of a longer run each task
// keeps those around the findings, and a note says so.
Analysis page_run(const Analysis& analysis, std::size_t most_spans);

}  // namespace raddle::report
