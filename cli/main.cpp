// SPDX-License-Identifier: Apache-2.0
// The `raddle` command: finds the sub-command; what it does lies in its own file.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/message.h"

namespace raddle::cli {
namespace {

constexpr const char* kFooter =
    "\nTo begin:  raddle c++ app.cpp -o app && raddle run ./app && raddle view app.raddle\n"
    "Exit status: 0 nothing found, 66 findings, 2 bad usage or unreadable input.";

void add_commands(CLI::App& app, int& status) {
  app.set_version_flag("--version",
                       "raddle " RADDLE_VERSION " (instruments with clang " RADDLE_LLVM ")");
  app.require_subcommand(1);
  app.footer(kFooter);
  add_run(app, status);
  add_check(app, status);
  add_merge(app, status);
  add_record(app, status);
  add_leaks(app, status);
  add_view(app, status);
  add_dump(app, status);
  add_export(app, status);
  add_stats(app, status);
  add_explore(app, status);
  add_replay(app, status);
  add_diff(app, status);
  add_explain(app, status);
  add_lint(app, status);
  app.add_subcommand("c++", "Compile C++ with raddle's flag: clang++'s own arguments follow");
  app.add_subcommand("cc", "Compile C with raddle's flag: clang's own arguments follow");
  add_flags(app, status);
}

// Of what CLI11 did not understand: the first option, else the first word.
std::string first_unknown(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.front() == '-' && word != "--") return word;
  }
  return words.front();
}

// Whether the option `word` takes the word behind it, too.
bool takes_next(const CLI::App& command, const std::string& word) {
  if (word.find('=') != std::string::npos) return false;
  const bool is_short = word[1] != '-';
  if (is_short && word.size() > 2) return false;
  const CLI::Option* option = command.get_option_no_throw(word);
  return option != nullptr && option->get_items_expected_max() > 0;
}

// What stands behind a command's PROGRAM is the program's, with or without a -- before it.
std::vector<std::string> with_separator(const CLI::App& app, std::vector<std::string> words) {
  const std::vector<const CLI::App*> commands = app.get_subcommands({});
  const auto found = std::ranges::find_if(commands, [&](const CLI::App* command) {
    return !words.empty() && command->get_name() == words.front() &&
           command->get_option_no_throw("PROGRAM") != nullptr;
  });
  if (found == commands.end()) return words;
  const CLI::App* command = *found;
  std::ptrdiff_t before = -1;  // positional ones before the program
  for (const CLI::Option* option : command->get_options()) {
    if (option->get_positional()) ++before;
  }
  for (std::size_t i = 1; i < words.size() && words[i] != "--"; ++i) {
    if (words[i].size() > 1 && words[i][0] == '-') {
      if (takes_next(*command, words[i])) ++i;
    } else if (before-- == 0) {
      words.insert(words.begin() + static_cast<std::ptrdiff_t>(i), "--");
      break;
    }
  }
  return words;
}

// One line for the user: what is wrong and where to look.
std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  const CLI::App& command = chosen.empty() ? app : *chosen.front();
  const std::string name = chosen.empty() ? "raddle" : "raddle " + command.get_name();
  const std::vector<std::string> unknown = app.remaining(true);
  const bool is_about_them =
      chosen.empty() || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  if (unknown.empty() || !is_about_them) {
    return std::string(error.what()) + "; see `" + name + " --help`";
  }
  const std::string first = first_unknown(unknown);
  if (first.front() != '-' && chosen.empty()) {
    return "unknown command " + first + "; see `raddle --help`";
  }
  std::string known;
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional()) known += " " + option->get_name();
  }
  return "unknown " + std::string(first.front() == '-' ? "option " : "argument ") + first + "; `" +
         name + "` knows" + known + (name == "raddle run" ? " and, behind them, a program" : "");
}

int parse_and_run(int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  if (first == "c++" || first == "cc") {
    return run_compiler(first, {argv + 2, static_cast<std::size_t>(argc - 2)});
  }
  int status = 0;
  CLI::App app("Finds concurrency bugs in C++ programs and shows them.", "raddle");
  add_commands(app, status);
  try {
    std::vector<std::string> words = with_separator(app, {argv + 1, argv + argc});
    std::ranges::reverse(words);  // as CLI11 takes them
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return fail(explain(app, error));
  }
  // A command that has noticed has said so, and its status is its own.
  if (status != kStatusBadInput && !std::cout.flush())
    return fail("cannot write to standard output");
  return status;
}

}  // namespace
}  // namespace raddle::cli

int main(int argc, char** argv) {
  try {
    return raddle::cli::parse_and_run(argc, argv);
  } catch (const std::exception& error) {
    return raddle::cli::fail(error.what());
  }
}
