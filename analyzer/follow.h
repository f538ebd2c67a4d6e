// SPDX-License-Identifier: Apache-2.0
// The analyzer's door for a program that runs: its trace is checked while it is written.
#pragma once

#include <filesystem>
#include <functional>

#include "analyzer/analyze.h"
#include "analyzer/model/finding.h"
#include "trace/result.h"

namespace raddle {

struct FollowOptions {
  bool predicts = false;  // as AnalyzeOptions::predicts
  // Called while the program runs, when something has been found: with all that was found by now
  // and no later event can undo. Whether something of it was told. May be empty.
  std::function<bool(Analysis)> found;
  // Remove the file as soon as it is open: nobody else needs it.
  bool removes = false;
};

// Checks the trace at `path` until the process that writes it has ended or finished it; then all
// that analyze() finds in the whole trace, without what a second look at its events would add
// (Finding::history). What was read is given back to a recorder that waits for it (check=online).
//
// Memory does not grow with the trace, but with what the program has: memory, tasks, objects,
// epochs. Fails, with a message for the user, if the file is no trace or cannot be followed.
Result<Analysis> follow(const std::filesystem::path& path, const FollowOptions& options);

}  // namespace raddle
