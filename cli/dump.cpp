// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "analyzer/analyze.h"
#include "cli/commands.h"
#include "cli/message.h"

namespace raddle::cli {

void add_dump(CLI::App& app, int& status) {
  auto trace = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("dump", "Print every event of a trace, one a line");
  command->add_option("TRACE", *trace, "The trace of a run")->required();
  command->callback([trace, &status] {
    const Result<std::uint64_t> events = dump(*trace, std::cout);
    std::cout.flush();
    status = events.ok() ? 0 : fail(events.error());
  });
}

}  // namespace raddle::cli
