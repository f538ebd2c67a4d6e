// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "analyzer/analyze.h"
#include "analyzer/report/statistics.h"
#include "cli/commands.h"
#include "cli/message.h"

namespace raddle::cli {
namespace {

int print_stats(const std::string& trace) {
  AnalyzeOptions options;
  options.with_timeline = true;
  const Result<Analysis> analysis = analyze(trace, options);
  if (!analysis.ok()) return fail(analysis.error());
  const Run& run = analysis.value().run;
  std::cout << run.command << "\n"
            << run.events << " events, " << run.accesses << " accesses, "
            << run.duration_ns / 1'000'000 << " ms\n\n";
  report::write_statistics(run, std::cout);
  std::cout.flush();
  return 0;
}

}  // namespace

void add_stats(CLI::App& app, int& status) {
  auto trace = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("stats", "Print where the time went: waits per object, states per task");
  command->add_option("TRACE", *trace, "The trace of a run")->required();
  command->callback([trace, &status] { status = print_stats(*trace); });
}

}  // namespace raddle::cli
