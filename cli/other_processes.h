// SPDX-License-Identifier: Apache-2.0
// The processes of a run that are not the program itself: children that it forked, and programs
// that took the place of others.
#pragma once

#include <filesystem>

#include "cli/check_options.h"

namespace raddle::cli {

// The traces that other processes of an earlier run have left beside `trace` (FILE.PID).
void remove_traces_of_others(const std::filesystem::path& trace);

// Whether other processes have left traces.
bool has_others(const std::filesystem::path& trace);

// Checks them, the earliest first. Those in which something is found are reported as the program's
// own is, a report file as NAME.PID.EXTENSION; of the others it says how many there are, and of
// those that still run that they do. Returns the exit status, as check() does.
int check_others(const std::filesystem::path& trace, const CheckOptions& options);

}  // namespace raddle::cli
