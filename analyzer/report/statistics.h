// SPDX-License-Identifier: Apache-2.0
// Where the time of a run went: contention, blocked time, life times.
#pragma once

#include <iosfwd>

#include "analyzer/model/run.h"

namespace raddle::report {

// Tables for people: objects by the time they were waited for, with how long the waits were; places
// by the time blocked there; tasks by state; life times. The run needs its timeline.
void write_statistics(const Run& run, std::ostream& out);

}  // namespace raddle::report
