// SPDX-License-Identifier: Apache-2.0
#include "cli/other_processes.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/report_file.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

struct Other {
  fs::path trace;
  TracedProcess process;

  // One that nobody has waited for yet (Z) does not.
  bool still_runs() const {
    if (process.has_ended) return false;
    std::ifstream stat("/proc/" + std::to_string(process.id) + "/stat");
    std::string text;
    std::getline(stat, text);
    const std::size_t state = text.rfind(") ");
    return state != std::string::npos && text[state + 2] != 'Z';
  }
  std::string name() const {
    return "process " + std::to_string(process.id) + " (" + process.command + ")";
  }
};

// FILE.PID, as the recorder names it, or FILE.PID.N.
bool is_name_of_other(const std::string& name, const std::string& own) {
  if (name.size() < own.size() + 2 || name.compare(0, own.size() + 1, own + ".") != 0) return false;
  return std::all_of(name.begin() + static_cast<std::ptrdiff_t>(own.size()) + 1, name.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0 || c == '.'; });
}

std::vector<Other> others_of(const fs::path& trace) {
  std::vector<Other> others;
  std::error_code error;
  const fs::path folder = fs::absolute(trace).parent_path();
  const std::string own = trace.filename();
  for (fs::directory_iterator file(folder, error), end; !error && file != end;
       file.increment(error)) {
    if (!is_name_of_other(file->path().filename(), own)) continue;
    std::optional<TracedProcess> process = traced_process(file->path());
    if (process) others.push_back({file->path(), std::move(*process)});
  }
  std::ranges::sort(others, {}, [](const Other& other) { return other.process.start_unix_ns; });
  return others;
}

}  // namespace

void remove_traces_of_others(const fs::path& trace) {
  std::error_code ignored;
  for (const Other& other : others_of(trace)) fs::remove(other.trace, ignored);
}

bool has_others(const fs::path& trace) { return !others_of(trace).empty(); }

int check_others(const fs::path& trace, const CheckOptions& options) {
  int status = 0;
  std::size_t clean = 0;
  for (const Other& other : others_of(trace)) {
    if (other.still_runs()) {
      say(other.name() + " still runs; later: raddle check " + other.trace.string());
      continue;
    }
    CheckOptions own = options;
    own.heading = "in " + other.name() + ", trace in " + other.trace.string() + ":";
    if (!options.report_path.empty()) {
      own.report_path = with_pid(options.report_path, other.process.id);
    }
    const int result = check(other.trace, own);
    if (result == 0) ++clean;
    if (status == 0) status = result;
  }
  if (clean != 0) {
    say("nothing found in " + std::to_string(clean) + " other " +
        (clean == 1 ? "process" : "processes"));
  }
  return status;
}

}  // namespace raddle::cli
