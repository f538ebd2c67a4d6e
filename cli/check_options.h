// SPDX-License-Identifier: Apache-2.0
// The options of `raddle check`, which `raddle run` shares, and what they ask for.
#pragma once

#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace raddle::cli {

// One reads and follows synchronisation, the other checks memory. More gain little.
inline unsigned usual_threads() { return std::thread::hardware_concurrency() > 1 ? 2 : 1; }

struct CheckOptions {
  std::string format;  // a name of reports.h; empty: by the report's extension, else text
  // Where the report goes without a report_path. `raddle run` takes standard error: standard output
  // is the program's.
  std::ostream* out = &std::cout;
  std::string report_path;      // empty: `out`
  std::string suppressions;     // a file of patterns; empty: none
  std::string baseline;         // an earlier report; empty: none
  bool predicts = false;        // what other orders of the same locks would show, too
  bool shows_progress = false;  // at once, whoever looks
  unsigned threads = usual_threads();
  std::string heading;  // said before the report, and no report where nothing is found; empty: not
  bool is_one_of_several = false;  // what this trace does not need, others may: suppressions
  std::vector<std::filesystem::path> parts;  // of `raddle check --share`; empty: check it all
};

// Adds the options to the sub-command `app`; `options` must outlive the parse.
void add_check_options(CLI::App& app, CheckOptions& options);

// Checks `trace` and writes the report. Returns the exit status: 0, kStatusFindings or, after a
// message, kStatusBadInput.
int check(const std::filesystem::path& trace, const CheckOptions& options);

}  // namespace raddle::cli
