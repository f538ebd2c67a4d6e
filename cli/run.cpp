// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "analyzer/analyze.h"
#include "cli/check_options.h"
#include "cli/child.h"
#include "cli/commands.h"
#include "cli/follow.h"
#include "cli/message.h"
#include "cli/other_processes.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string trace;
  std::string level;
  bool is_online = false;
  CheckOptions options;
  std::vector<std::string> program;
};

// Makes sure that a trace can be written at `path` and that none is there, nor of other processes
// of an earlier run. Returns what is wrong.
std::string clear_place(const fs::path& path) {
  std::error_code error;
  const fs::file_status there = fs::status(path, error);
  if (fs::is_directory(there)) return path.string() + " is a directory; name a file with -o";
  if (fs::exists(there) && fs::file_size(path, error) > 0 && !is_trace(path)) {
    return path.string() + " exists and is not a trace, so it is kept; name another file with -o";
  }
  if (path.string().find(':') != std::string::npos) {
    return "a trace's path must not contain ':' (" + path.string() + "); name another with -o";
  }
  unlink(path.c_str());
  const int file = open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
  if (file < 0) {
    return "cannot write a trace to " + path.string() + ": " + std::strerror(errno) +
           "; name another file with -o";
  }
  close(file);
  unlink(path.c_str());
  remove_traces_of_others(path);
  return {};
}

// The user's own RADDLE_OPTIONS without a trace=, behind ours.
std::string recorder_options(const fs::path& trace, const std::string& level, bool is_online) {
  std::string options = "trace=" + trace.string();
  if (is_online) options += ":check=online:checker=" + std::to_string(getpid());
  if (!level.empty()) options += ":level=" + level;
  const char* own = std::getenv("RADDLE_OPTIONS");
  for (const std::string& option : CLI::detail::split(own == nullptr ? "" : own, ':')) {
    if (!option.empty() && option.rfind("trace=", 0) != 0) options += ":" + option;
  }
  return options;
}

int explain_no_trace(const std::string& program, const ChildEnd& end) {
  // The recorder has refused RADDLE_OPTIONS and said why.
  if (end.status == kStatusBadInput && std::getenv("RADDLE_OPTIONS") != nullptr) return end.status;
  if (end.signal != 0) say(program + " was killed by signal " + std::to_string(end.signal));
  return fail(program +
              " left no trace: it was built without raddle's flag. Build it with `raddle c++` or "
              "`raddle cc`, or compile and link with --config=\"$(raddle flags --config)\"");
}

// What the checkers of the program's other processes are told, unless the user has said something.
void set_check_options(const CheckOptions& options) {
  std::string words;
  if (!options.suppressions.empty()) {
    words += " --suppressions " + fs::absolute(options.suppressions).string();
  }
  if (!options.baseline.empty()) words += " --baseline " + fs::absolute(options.baseline).string();
  if (options.predicts) words += " --predict";
  if (!words.empty()) setenv("RADDLE_CHECK_OPTIONS", words.c_str() + 1, 0);
}

// Checks while the program runs. Its other processes have checkers of their own.
Result<ChildEnd> run_online(const Arguments& arguments, const fs::path& trace, int& status) {
  set_check_options(arguments.options);
  return run_child(arguments.program, recorder_options(trace, arguments.level, true),
                   [&](pid_t child) { check_child(child, trace, arguments.options, status); });
}

// Checks behind the program's end, with its other processes.
Result<ChildEnd> run_first(Arguments& arguments, const fs::path& trace, int& status) {
  Result<ChildEnd> end =
      run_child(arguments.program, recorder_options(trace, arguments.level, false));
  if (!end.ok() || !fs::exists(trace)) return end;
  arguments.options.is_one_of_several = has_others(trace);
  status = check(trace, arguments.options);
  if (status == kStatusBadInput) return end;
  const int others_status = check_others(trace, arguments.options);
  if (status == 0) status = others_status;
  return end;
}

int run(Arguments& arguments) {
  const std::string& program = arguments.program.front();
  if (arguments.trace.empty()) arguments.trace = fs::path(program).filename().string() + ".raddle";
  const fs::path trace = fs::absolute(arguments.trace);
  const std::string trouble = clear_place(trace);
  if (!trouble.empty()) return fail(trouble);

  arguments.options.out = &std::cerr;
  int status = 0;
  const Result<ChildEnd> end = arguments.is_online ? run_online(arguments, trace, status)
                                                   : run_first(arguments, trace, status);
  if (!end.ok()) return fail(end.error());
  if (!fs::exists(trace)) return explain_no_trace(program, end.value());
  if (status == kStatusBadInput) return status;
  if (end.value().signal != 0) {
    say(program + " was killed by signal " + std::to_string(end.value().signal) + " (" +
        strsignal(end.value().signal) + ")");
  }
  say("trace in " + arguments.trace + "; to look at it: raddle view " + arguments.trace);
  return status != 0 ? status : end.value().status;
}

}  // namespace

void add_run(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("run", "Run a program built with the flag, then check its trace");
  command->add_option("-o,--output", arguments->trace,
                      "The trace to write; without it PROGRAM.raddle in the current directory");
  command
      ->add_option("--level", arguments->level,
                   "sync: record synchronisation only; sample: memory accesses at times, too; "
                   "full: all (default)")
      ->check(CLI::IsMember({"sync", "sample", "full"}));
  command->add_flag("--online", arguments->is_online,
                    "Check while the program runs, and keep only the newest part of the trace");
  add_check_options(*command, arguments->options);
  command->add_option("PROGRAM", arguments->program, "The program and its arguments")->required();
  command->callback([arguments, &status] { status = run(*arguments); });
}

}  // namespace raddle::cli
