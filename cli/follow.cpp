// SPDX-License-Identifier: Apache-2.0
#include "cli/follow.h"

#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "analyzer/analyze.h"
#include "analyzer/follow.h"
#include "analyzer/report/text.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/report.h"
#include "cli/report_file.h"

namespace raddle::cli {
namespace {

bool has_ended(pid_t child) {
  siginfo_t info{};
  const int status = waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT);
  return status != 0 || info.si_pid != 0;
}

int check_with(const std::filesystem::path& trace, const CheckOptions& options, bool removes) {
  const ReportEntry* entry = report_of(options);
  if (entry == nullptr) return kStatusBadInput;
  // A report in a file, or in another form, is whole; who looks meanwhile looks at standard error.
  std::ostream& out = is_text(*entry, options) ? *options.out : std::cerr;
  Analysis nothing;  // what is wrong with the user's files is said before the program has run
  if (const std::string trouble = drop_unwanted(nothing, options, true); !trouble.empty()) {
    return fail(trouble);
  }
  report::Told told;
  FollowOptions needs;
  needs.predicts = options.predicts;
  needs.removes = removes;
  needs.found = [&](Analysis analysis) {
    if (!drop_unwanted(analysis, options, true).empty()) return false;  // the end tells
    report::write_new(analysis, told, out);
    out.flush();
    return !analysis.findings.empty();
  };
  Result<Analysis> analysis = follow(trace, needs);
  if (!analysis.ok()) return fail(analysis.error());
  return report(analysis.value(), *entry, options, trace, &told);
}

}  // namespace

int check_running(const std::filesystem::path& trace, const CheckOptions& options) {
  return check_with(trace, options, false);
}

int check_own_program(const std::filesystem::path& trace, CheckOptions options, bool removes) {
  ReportFile file;
  const std::optional<TracedProcess> process = traced_process(trace);
  if (!options.report_path.empty() && process) {
    const std::string path =
        file.take(options.report_path, static_cast<pid_t>(process->id), process->is_fork);
    if (path.empty()) {
      return fail("cannot write the report to " + options.report_path + ": " +
                  std::strerror(errno) + "; choose another --report");
    }
    // Its extension is the same, and so is the form.
    options.report_path = path;
  }
  return check_with(trace, options, removes);
}

void check_child(pid_t child, const std::filesystem::path& trace, const CheckOptions& options,
                 int& status) {
  constexpr std::chrono::milliseconds kPause(1);
  bool is_last_look = false;
  while (!is_trace(trace)) {
    if (is_last_look) return;
    is_last_look = has_ended(child);
    if (!is_last_look) std::this_thread::sleep_for(kPause);
  }
  status = check_running(trace, options);
}

}  // namespace raddle::cli
