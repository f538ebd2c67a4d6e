// SPDX-License-Identifier: Apache-2.0
// The sub-commands of `raddle`: each adds itself to the command line and leaves its exit status
// behind.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace raddle::cli {

inline constexpr int kStatusFindings = 66;
inline constexpr int kStatusBadInput = 2;

// Each adds its sub-command to `app`. When it is chosen, its callback sets `status`. `app` and
// `status` must outlive the parse.
void add_run(CLI::App& app, int& status);
void add_check(CLI::App& app, int& status);
void add_merge(CLI::App& app, int& status);
void add_record(CLI::App& app, int& status);
void add_leaks(CLI::App& app, int& status);
void add_view(CLI::App& app, int& status);
void add_export(CLI::App& app, int& status);
void add_dump(CLI::App& app, int& status);
void add_stats(CLI::App& app, int& status);
void add_explore(CLI::App& app, int& status);
void add_replay(CLI::App& app, int& status);
void add_explain(CLI::App& app, int& status);
void add_diff(CLI::App& app, int& status);
void add_lint(CLI::App& app, int& status);
void add_flags(CLI::App& app, int& status);

// Becomes clang ("cc") or clang++ ("c++") with raddle's flag and `args`; they are the compiler's
// own, so CLI11 does not see them. Returns only on failure, with the exit status.
int run_compiler(std::string_view tool, std::span<char* const> args);

}  // namespace raddle::cli
