// SPDX-License-Identifier: Apache-2.0
// What a checker has found, told with the names that a trace has for it.
#pragma once

#include "analyzer/analyze.h"
#include "analyzer/checker.h"
#include "analyzer/load/code.h"
#include "trace/merge.h"
#include "trace/reader.h"

namespace raddle {

// Of a checker that is finished. Once.
Analysis tell(const trace::Reader& reader, const trace::MergeStats& stats, load::Code& code,
              Checker& checker);

// Of a checker that goes on: what is certain by now. Costs a copy of the run's tasks and objects.
Analysis tell_so_far(const trace::Reader& reader, const Checker& checker);

}  // namespace raddle
