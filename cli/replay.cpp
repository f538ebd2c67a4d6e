// SPDX-License-Identifier: Apache-2.0
#include <sys/personality.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/check_options.h"
#include "cli/child.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/schedule.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string schedule;
  std::string trace;
  unsigned seconds = 60;  // that the program may take; 0: any time
  CheckOptions options;
  std::vector<std::string> program;
};

int replay(Arguments& arguments) {
  if (const std::string trouble = why_no_schedule(arguments.schedule); !trouble.empty()) {
    return fail(trouble);
  }
  const fs::path trace = fs::absolute(
      arguments.trace.empty()
          ? fs::path(arguments.schedule).replace_extension().string() + ".replay.raddle"
          : arguments.trace);
  const fs::path followed = trace.string() + ".schedule";
  std::error_code ignored;
  fs::remove(trace, ignored);
  fs::remove(followed, ignored);
  personality(ADDR_NO_RANDOMIZE);  // the program's, as when it was explored
  TimeLimit limit(arguments.seconds);
  const Result<ChildEnd> end =
      run_child(arguments.program,
                "trace=" + trace.string() + ":schedule=" + followed.string() +
                    ":replay=" + fs::absolute(arguments.schedule).string() + ":hang_timeout_ms=100",
                [&](pid_t child) { limit.watch(child); });
  if (!end.ok()) return fail(end.error());
  if (limit.was_reached()) {
    say("the program did not end within " + std::to_string(arguments.seconds) +
        " seconds, and was ended; --time-limit 0 lets it run");
  }
  const bool was_followed = fs::remove(followed, ignored);
  if (!was_followed) {
    // The runtime has refused the schedule and said why, or there is no runtime.
    const bool has_trace = fs::remove(trace, ignored);
    if (has_trace) return kStatusBadInput;
    return fail(arguments.program.front() + " left no trace: it was built without raddle's flag");
  }
  arguments.options.out = &std::cerr;
  const int status = check(trace, arguments.options);
  if (status == kStatusBadInput) return status;
  say("trace in " + trace.string() + "; to look at it: raddle view " + trace.string());
  return status != 0 ? status : end.value().status;
}

}  // namespace

void add_replay(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("replay", "Run a program under a kept schedule again");
  command->add_option("-o,--output", arguments->trace,
                      "The trace to write; without it beside the schedule");
  command
      ->add_option("--time-limit", arguments->seconds,
                   "Seconds that the program may take (60); 0: as long as it does")
      ->check(CLI::Range(0, 1'000'000));
  command->add_option("SCHEDULE", arguments->schedule, "A schedule that raddle explore has kept")
      ->required();
  add_check_options(*command, arguments->options);
  command->add_option("PROGRAM", arguments->program, "The program and its arguments")->required();
  command->callback([arguments, &status] { status = replay(*arguments); });
}

}  // namespace raddle::cli
