// SPDX-License-Identifier: Apache-2.0
#include "cli/report.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <string>

#include "analyzer/report/baseline.h"
#include "analyzer/report/suppressions.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/page_parts.h"

namespace raddle::cli {
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

void write(const Analysis& analysis, const ReportEntry& entry, const std::filesystem::path& trace,
           std::ostream& out) {
  if (entry.write_page == nullptr) return entry.write(analysis, out);
  entry.write_page(analysis, page_parts(trace, analysis), out);
}

int write_report(const Analysis& analysis, const ReportEntry& entry,
                 const std::filesystem::path& trace, const CheckOptions& options,
                 report::Told* told) {
  const std::string& path = options.report_path;
  if (path.empty()) {
    if (told != nullptr && is_text(entry, options)) {
      report::write_rest(analysis, *told, *options.out);
    } else {
      write(analysis, entry, trace, *options.out);
    }
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

}  // namespace

void add_report_options(CLI::App& app, CheckOptions& options) {
  app.add_option("--format", options.format, "Form of the report: " + known_formats());
  app.add_option("--report", options.report_path, "Write the report to this file");
  app.add_option("--suppressions", options.suppressions,
                 "A file of KIND:PATTERN lines: matching findings are left out");
  app.add_option("--baseline", options.baseline,
                 "An earlier report (json or sarif): its findings are left out");
}

const ReportEntry* report_of(const CheckOptions& options) {
  const ReportEntry* entry = choose_report(options);
  if (entry == nullptr) {
    fail("unknown --format " + options.format + "; known are " + known_formats());
  }
  return entry;
}

std::string drop_unwanted(Analysis& analysis, const CheckOptions& options, bool is_quiet) {
  if (!options.suppressions.empty()) {
    Result<Suppressions> suppressions = Suppressions::read(options.suppressions);
    if (!suppressions.ok()) return suppressions.error();
    const std::size_t dropped = suppressions.value().apply(analysis);
    if (dropped > 0 && !is_quiet)
      say(counted(dropped, "finding is", "findings are") + " suppressed");
    for (const std::string& line : suppressions.value().unused()) {
      if (!options.is_one_of_several && !is_quiet)
        say("the suppression " + line + " has matched nothing");
    }
  }
  if (!options.baseline.empty()) {
    const Result<Baseline> baseline = read_baseline(options.baseline);
    if (!baseline.ok()) return baseline.error();
    const std::size_t dropped = drop_known(analysis, baseline.value());
    if (dropped > 0 && !is_quiet)
      say(counted(dropped, "finding is", "findings are") + " in the baseline");
  }
  return {};
}

bool is_text(const ReportEntry& entry, const CheckOptions& options) {
  return options.report_path.empty() && entry.write == report::write_text;
}

int report(Analysis& analysis, const ReportEntry& entry, const CheckOptions& options,
           const std::filesystem::path& trace, report::Told* told) {
  const std::string trouble = drop_unwanted(analysis, options);
  if (!trouble.empty()) return fail(trouble);
  if (!options.heading.empty()) {
    if (analysis.findings.empty()) return 0;
    say(options.heading);
  }
  const int status = write_report(analysis, entry, trace, options, told);
  if (status != 0) return status;
  return analysis.findings.empty() ? 0 : kStatusFindings;
}

}  // namespace raddle::cli
