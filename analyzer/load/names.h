// SPDX-License-Identifier: Apache-2.0
// What the trace knows besides events, put into the model: names, how the run ended, damage.
#pragma once

#include "analyzer/load/code.h"
#include "analyzer/load/entries.h"
#include "analyzer/load/run_builder.h"
#include "analyzer/model/run.h"
#include "trace/merge.h"
#include "trace/reader.h"

namespace raddle::load {

// Whether a task whose first entry it is has its name from it.
bool names_task(const Entry& entry, Code& code);
// Names given by the program, and for other tasks that of their entry function.
void add_names(const trace::Reader& reader, const Entries& entries, Code& code, Run& run);
// Program, end, damage, and notes for the report's reader.
void add_header(const trace::Reader& reader, const trace::MergeStats& stats, Run& run);
// Who slept where nobody could decide about it; of tasks that have their names.
void add_sleeps(const trace::Reader& reader, const std::vector<RunBuilder::Sleep>& sleeps,
                Code& code, Run& run);
// The stacks that tasks, objects and, if there is one, the timeline refer to.
void add_stacks(Code& code, Run& run);

}  // namespace raddle::load
