// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

#include "analyzer/analyze.h"
#include "analyzer/report/baseline.h"
#include "analyzer/report/reports.h"
#include "analyzer/report/suppressions.h"
#include "cli/check_options.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/page_parts.h"
#include "cli/progress.h"

namespace raddle::cli {

using namespace std::chrono_literals;

namespace {

std::string known_formats() {
  std::string names;
  for (const ReportEntry& entry : reports()) {
    names += (names.empty() ? "" : ", ") + std::string(entry.name);
  }
  return names;
}

const ReportEntry* choose_report(const CheckOptions& options) {
  if (!options.format.empty()) return find_report(options.format);
  const std::string extension = std::filesystem::path(options.report_path).extension();
  for (const ReportEntry& entry : reports()) {
    if (!extension.empty() && extension.substr(1) == entry.extension) return &entry;
  }
  return find_report("text");
}

std::string counted(std::size_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

// Takes out what the user knows, and says so. Returns what is wrong with the user's files.
std::string drop_unwanted(Analysis& analysis, const CheckOptions& options) {
  if (!options.suppressions.empty()) {
    Result<Suppressions> suppressions = Suppressions::read(options.suppressions);
    if (!suppressions.ok()) return suppressions.error();
    const std::size_t dropped = suppressions.value().apply(analysis);
    if (dropped > 0) say(counted(dropped, "finding is", "findings are") + " suppressed");
    for (const std::string& line : suppressions.value().unused()) {
      say("the suppression " + line + " has matched nothing");
    }
  }
  if (!options.baseline.empty()) {
    const Result<Baseline> baseline = read_baseline(options.baseline);
    if (!baseline.ok()) return baseline.error();
    const std::size_t dropped = drop_known(analysis, baseline.value());
    if (dropped > 0) say(counted(dropped, "finding is", "findings are") + " in the baseline");
  }
  return {};
}

void write(const Analysis& analysis, const ReportEntry& entry, const std::filesystem::path& trace,
           std::ostream& out) {
  if (entry.write_page == nullptr) return entry.write(analysis, out);
  entry.write_page(analysis, page_parts(trace, analysis), out);
}

// Says how far it is, if that takes a while and somebody looks.
Result<Analysis> analyze_watched(const std::filesystem::path& trace, const CheckOptions& options,
                                 AnalyzeOptions& needs) {
  Progress progress(options.shows_progress ? 0ms : 500ms);
  if (options.shows_progress || is_watched()) {
    needs.progress = [&progress](double share) { progress.show(share); };
  }
  return options.parts.empty() ? analyze(trace, needs) : merge_parts(trace, options.parts, needs);
}

int write_report(const Analysis& analysis, const ReportEntry& entry,
                 const std::filesystem::path& trace, const CheckOptions& options) {
  const std::string& path = options.report_path;
  if (path.empty()) {
    write(analysis, entry, trace, *options.out);
    options.out->flush();
    return *options.out ? 0 : fail("cannot write the report: standard output or error is closed");
  }
  std::ofstream file(path);
  write(analysis, entry, trace, file);
  file.close();
  if (!file) return fail("cannot write the report to " + path + "; choose another --report");
  say(counted(analysis.findings.size(), "finding", "findings") + ", report in " + path);
  return 0;
}

constexpr unsigned kMostShares = 4096;

// Of "2/8": the second share of eight, from 0. False if the text says no such thing.
bool read_share(const std::string& text, unsigned& share, unsigned& count) {
  char more = 0;
  if (std::sscanf(text.c_str(), "%u/%u%c", &share, &count, &more) != 2) return false;
  if (share == 0 || share > count || count > kMostShares) return false;
  --share;
  return true;
}

int check_one_share(const std::string& trace, const std::string& text, const std::string& part) {
  unsigned share = 0;
  unsigned count = 0;
  if (!read_share(text, share, count)) {
    return fail("--share " + text + ": say which of how many, as in --share 2/8");
  }
  if (part.empty()) return fail("--share needs --part FILE, where its part of the findings goes");
  const Result<bool> written = check_share(trace, share, count, part);
  return written.ok() ? 0 : fail(written.error());
}

}  // namespace

void add_check_options(CLI::App& app, CheckOptions& options) {
  app.add_option("--format", options.format, "Form of the report: " + known_formats());
  app.add_option("--report", options.report_path, "Write the report to this file");
  app.add_option("--suppressions", options.suppressions,
                 "A file of KIND:PATTERN lines: matching findings are left out");
  app.add_option("--baseline", options.baseline,
                 "An earlier report (json or sarif): its findings are left out");
  app.add_flag("--progress", options.shows_progress,
               "Say how far the check is, at once and not only on a terminal");
  app.add_flag("--predict", options.predicts,
               "Find races, too, that locks have hidden in this run by chance");
}

int check(const std::filesystem::path& trace, const CheckOptions& options) {
  const ReportEntry* entry = choose_report(options);
  if (entry == nullptr) {
    return fail("unknown --format " + options.format + "; known are " + known_formats());
  }
  AnalyzeOptions needs;
  needs.predicts = options.predicts;
  needs.with_timeline = entry->write_page != nullptr;
  needs.threads = options.threads;
  Result<Analysis> analysis = analyze_watched(trace, options, needs);
  if (!analysis.ok()) return fail(analysis.error());
  if (!options.predicts) keep(trace, analysis.value());
  const std::string trouble = drop_unwanted(analysis.value(), options);
  if (!trouble.empty()) return fail(trouble);
  const int status = write_report(analysis.value(), *entry, trace, options);
  if (status != 0) return status;
  return analysis.value().findings.empty() ? 0 : kStatusFindings;
}

void add_check(CLI::App& app, int& status) {
  struct Arguments {
    std::string trace, share, part;
    CheckOptions options;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("check", "Find the bugs in a trace and print a report");
  command->add_option("TRACE", arguments->trace, "The trace of a run")->required();
  add_check_options(*command, arguments->options);
  command
      ->add_option("--threads", arguments->options.threads,
                   "How many threads share the check of memory")
      ->check(CLI::Range(1u, 64u));
  command->add_option("--share", arguments->share,
                      "I/N: check only this share of memory, for `raddle merge`");
  command->add_option("--part", arguments->part, "Where --share writes what it finds");
  command->callback([arguments, &status] {
    status = arguments->share.empty()
                 ? check(arguments->trace, arguments->options)
                 : check_one_share(arguments->trace, arguments->share, arguments->part);
  });
}

}  // namespace raddle::cli
