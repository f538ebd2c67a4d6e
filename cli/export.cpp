// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "analyzer/analyze.h"
#include "analyzer/export/exports.h"
#include "cli/commands.h"
#include "cli/message.h"

namespace raddle::cli {
namespace {

struct Arguments {
  std::string trace;
  std::string format = "perfetto";
  std::string output;
};

int export_trace(const Arguments& arguments) {
  AnalyzeOptions options;
  options.with_timeline = true;
  const Result<Analysis> analysis = analyze(arguments.trace, options);
  if (!analysis.ok()) return fail(analysis.error());
  const ExportEntry* format = find_export(arguments.format);
  if (arguments.output.empty()) {
    format->write(analysis.value(), std::cout);
    std::cout.flush();
    return std::cout.good() ? 0 : fail("cannot write to standard output");
  }
  std::ofstream file(arguments.output, std::ios::binary);
  format->write(analysis.value(), file);
  file.close();
  return file.good() ? 0 : fail("cannot write " + arguments.output + "; name another with -o");
}

}  // namespace

void add_export(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("export", "Write a trace in the format of another tool");
  command->add_option("TRACE", arguments->trace, "The trace of a run")->required();
  std::vector<std::string> names;
  for (const ExportEntry& entry : exports()) names.emplace_back(entry.name);
  command
      ->add_option("--format", arguments->format,
                   "perfetto (default), chrome, or collapsed stacks of blocked time")
      ->check(CLI::IsMember(names));
  command->add_option("-o,--output", arguments->output,
                      "The file to write; without it standard output");
  command->callback([arguments, &status] { status = export_trace(*arguments); });
}

}  // namespace raddle::cli
