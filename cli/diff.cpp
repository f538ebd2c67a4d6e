// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "analyzer/analyze.h"
#include "analyzer/report/baseline.h"
#include "cli/commands.h"
#include "cli/message.h"

namespace raddle::cli {
namespace {

// The findings of a trace, or those that an earlier report has.
Result<Baseline> findings_of(const std::string& path) {
  if (!is_trace(path)) return read_baseline(path);
  const Result<Analysis> analysis = analyze(path);
  if (!analysis.ok()) return Error{analysis.error()};
  Baseline findings;
  for (const Finding& finding : analysis.value().findings) {
    findings.emplace(finding.fingerprint,
                     std::string(name_of(finding.kind)) + ": " + finding.title);
  }
  return findings;
}

// Prints what is in `a` and not in `b`. Returns how many that are.
std::size_t print_missing(const char* mark, const Baseline& a, const Baseline& b) {
  std::size_t count = 0;
  for (const auto& [fingerprint, title] : a) {
    if (b.contains(fingerprint)) continue;
    std::cout << mark << ' ' << title << " [" << fingerprint << "]\n";
    ++count;
  }
  return count;
}

int diff(const std::string& before, const std::string& after) {
  const Result<Baseline> a = findings_of(before);
  if (!a.ok()) return fail(a.error());
  const Result<Baseline> b = findings_of(after);
  if (!b.ok()) return fail(b.error());
  const std::size_t gone = print_missing("-", a.value(), b.value());
  const std::size_t added = print_missing("+", b.value(), a.value());
  std::cout << added << " new, " << gone << " gone, " << a.value().size() - gone << " in both\n";
  return added == 0 ? 0 : kStatusFindings;
}

}  // namespace

void add_diff(CLI::App& app, int& status) {
  struct Arguments {
    std::string before, after;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("diff", "Say which findings of two runs are new or gone");
  command->add_option("A", arguments->before, "A trace, or a report (json or sarif)")->required();
  command->add_option("B", arguments->after, "Another one, later")->required();
  command->callback([arguments, &status] { status = diff(arguments->before, arguments->after); });
}

}  // namespace raddle::cli
