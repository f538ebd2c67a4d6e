// SPDX-License-Identifier: Apache-2.0
// Finds the tasks of a running program that nobody can wake any more.
#include "leaks/leaks.h"

#include <CLI/CLI.hpp>
#include <cstdio>
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
  CheckOptions options;
};

int find_leaks(const Arguments& arguments) {
  const ReportEntry* entry = report_of(arguments.options);
  if (entry == nullptr) return kStatusBadInput;
  if (entry->write_page != nullptr) {
    return fail("a page needs a trace; choose another --format than " + std::string(entry->name));
  }
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
  add_report_options(*command, arguments->options);
  command->callback([arguments, &status] { status = find_leaks(*arguments); });
}

}  // namespace raddle::cli
