// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "analyzer/model/finding.h"
#include "cli/commands.h"
#include "cli/message.h"

namespace raddle::cli {
namespace {

constexpr std::size_t kWidth = 80;

// Breaks at blanks.
void print_wrapped(std::string_view text) {
  while (text.size() > kWidth) {
    const std::size_t blank = text.rfind(' ', kWidth);
    if (blank == std::string_view::npos) break;
    std::cout << text.substr(0, blank) << '\n';
    text.remove_prefix(blank + 1);
  }
  std::cout << text << '\n';
}

int print_explanation(const std::string& kind) {
  std::string known;
  for (int i = 0; i <= static_cast<int>(kLastFindingKind); ++i) {
    const auto candidate = static_cast<FindingKind>(i);
    if (name_of(candidate) == kind) {
      print_wrapped(explain(candidate));
      return 0;
    }
    known += " " + std::string(name_of(candidate));
  }
  return fail("no kind of finding is called " + kind + "; the kinds are" + known);
}

}  // namespace

void add_explain(CLI::App& app, int& status) {
  auto kind = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("explain", "Say what a kind of finding is and how to mend it");
  command->add_option("KIND", *kind, "As reports name it: data-race, deadlock ...")->required();
  command->callback([kind, &status] { status = print_explanation(*kind); });
}

}  // namespace raddle::cli
