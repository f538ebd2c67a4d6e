// SPDX-License-Identifier: Apache-2.0
// Finds the tasks of a running program that nobody can wake any more.
#include "leaks/leaks.h"

#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "analyzer/live.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/report.h"

namespace raddle::cli {
namespace {

struct Arguments {
  int pid = 0;
  bool wants_numbers = false;
  bool is_in_background = false;
  CheckOptions options;
};

// A program that ends waits for the answer, and stands still until its tracer is gone.
void end_soon() {
  constexpr unsigned kMostSeconds = 5;
  ::signal(SIGALRM, SIG_DFL);
  sigset_t alarm_only;
  sigemptyset(&alarm_only);
  sigaddset(&alarm_only, SIGALRM);
  ::sigprocmask(SIG_UNBLOCK, &alarm_only, nullptr);
  ::alarm(kMostSeconds);
}

int find_leaks(const Arguments& arguments) {
  const ReportEntry* entry = report_of(arguments.options);
  if (entry == nullptr) return kStatusBadInput;
  if (arguments.is_in_background && ::fork() != 0) return 0;
  if (entry->write_page != nullptr) {
    return fail("a page needs a trace; choose another --format than " + std::string(entry->name));
  }
  if (arguments.wants_numbers) end_soon();
  const Result<leaks::Snapshot> snapshot = leaks::find(arguments.pid);
  if (!snapshot.ok()) return fail(snapshot.error());
  if (arguments.wants_numbers) {
    for (const leaks::LostTask& task : snapshot.value().lost) std::cout << task.id << '\n';
    return snapshot.value().lost.empty() ? 0 : kStatusFindings;
  }
  Analysis analysis = describe(snapshot.value());
  return report(analysis, *entry, arguments.options, {});
}

}  // namespace

void add_leaks(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "leaks", "Find the tasks of a running program that nobody can wake any more");
  command->add_option("PID", arguments->pid, "The program's process")->required();
  command->add_flag("--numbers", arguments->wants_numbers, "Print only the tasks' numbers");
  command->add_flag("--background", arguments->is_in_background,
                    "Return at once, and print the report on standard error");
  add_report_options(*command, arguments->options);
  command->callback([arguments, &status] {
    if (arguments->is_in_background) arguments->options.out = &std::cerr;
    status = find_leaks(*arguments);
  });
}

}  // namespace raddle::cli
