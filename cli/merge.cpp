// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "cli/check_options.h"
#include "cli/commands.h"

namespace raddle::cli {

void add_merge(CLI::App& app, int& status) {
  struct Arguments {
    std::string trace;
    std::vector<std::string> parts;
    CheckOptions options;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "merge", "Put the parts that `raddle check --share` wrote together and print a report");
  command->add_option("TRACE", arguments->trace, "The trace that was checked")->required();
  command->add_option("PARTS", arguments->parts, "The part of each share")->required();
  add_check_options(*command, arguments->options);
  command->callback([arguments, &status] {
    arguments->options.parts.assign(arguments->parts.begin(), arguments->parts.end());
    status = check(arguments->trace, arguments->options);
  });
}

}  // namespace raddle::cli
