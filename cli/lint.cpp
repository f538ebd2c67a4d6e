// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/installation.h"
#include "cli/message.h"

namespace raddle::cli {
namespace {

struct Arguments {
  std::string build;
  std::vector<std::string> files;
  bool fix = false;
};

int become_lint(const Arguments& arguments) {
  if (arguments.files.empty() && arguments.build.empty()) {
    return fail("usage: raddle lint [--fix] [-p BUILD] FILES...; without FILES all of BUILD's");
  }
  const std::filesystem::path lint = bin_dir() / "raddle-lint";
  std::vector<std::string> words = {lint};
  if (arguments.fix) words.emplace_back("--fix");
  if (!arguments.build.empty()) words.insert(words.end(), {"-p", arguments.build});
  words.insert(words.end(), arguments.files.begin(), arguments.files.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int error = become(lint, argv.data());
  return fail("cannot start " + lint.string() + ": " + std::strerror(error) +
              "; was raddle built with libclang-" RADDLE_LLVM "-dev installed?");
}

}  // namespace

void add_lint(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("lint", "Warn of concurrency mistakes in C++ sources");
  command->add_option("-p", arguments->build,
                      "The directory of compile_commands.json; else it is looked for above FILES");
  command->add_flag("--fix", arguments->fix, "Mend what can be mended without a doubt, in place");
  command->add_option("FILES", arguments->files, "Sources; none: all that BUILD compiles");
  command->callback([arguments, &status] { status = become_lint(*arguments); });
}

}  // namespace raddle::cli
