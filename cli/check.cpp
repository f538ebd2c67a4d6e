// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>

#include "analyzer/analyze.h"
#include "analyzer/report/reports.h"
#include "cli/check_options.h"
#include "cli/commands.h"
#include "cli/follow.h"
#include "cli/message.h"
#include "cli/progress.h"
#include "cli/report.h"

namespace raddle::cli {

using namespace std::chrono_literals;

namespace {

// Says how far it is, if that takes a while and somebody looks.
Result<Analysis> analyze_watched(const std::filesystem::path& trace, const CheckOptions& options,
                                 AnalyzeOptions& needs) {
  Progress progress(options.shows_progress ? 0ms : 500ms);
  if (options.shows_progress || is_watched()) {
    needs.progress = [&progress](double share) { progress.show(share); };
  }
  return options.parts.empty() ? analyze(trace, needs) : merge_parts(trace, options.parts, needs);
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
  add_report_options(app, options);
  app.add_flag("--progress", options.shows_progress,
               "Say how far the check is, at once and not only on a terminal");
  app.add_flag("--predict", options.predicts,
               "Find races, too, that locks have hidden in this run by chance");
}

int check(const std::filesystem::path& trace, const CheckOptions& options) {
  const ReportEntry* entry = report_of(options);
  if (entry == nullptr) return kStatusBadInput;
  AnalyzeOptions needs;
  needs.predicts = options.predicts;
  needs.with_timeline = entry->write_page != nullptr;
  needs.threads = options.threads;
  Result<Analysis> analysis = analyze_watched(trace, options, needs);
  if (!analysis.ok()) return fail(analysis.error());
  if (!options.predicts) keep(trace, analysis.value());
  return report(analysis.value(), *entry, options, trace);
}

void add_check(CLI::App& app, int& status) {
  struct Arguments {
    std::string trace, share, part;
    CheckOptions options;
    bool follows = false, is_own = false, removes = false;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("check", "Find the bugs in a trace and print a report");
  command->add_option("TRACE", arguments->trace, "The trace of a run")->required();
  add_check_options(*command, arguments->options);
  command
      ->add_option("--threads", arguments->options.threads,
                   "How many threads share the check (2, or 1 where there is one processor)")
      ->check(CLI::Range(1u, 64u));
  command->add_option("--share", arguments->share,
                      "I/N: check only this share of memory, for `raddle merge`");
  command->add_option("--part", arguments->part, "Where --share writes what it finds");
  CLI::Option* follow = command->add_flag(
      "--follow", arguments->follows, "Check what a program that runs is writing, until it ends");
  CLI::Option* own = command
                         ->add_flag("--own-program", arguments->is_own,
                                    "With --follow: the program has started this itself; where "
                                    "other processes of the run have the report's file, it is "
                                    "NAME.PID.EXTENSION")
                         ->needs(follow);
  command
      ->add_flag("--remove", arguments->removes,
                 "With --own-program: remove the trace once it is open")
      ->needs(own);
  command->callback([arguments, &status] {
    if (arguments->follows) {
      status = arguments->is_own
                   ? check_own_program(arguments->trace, arguments->options, arguments->removes)
                   : check_running(arguments->trace, arguments->options);
      return;
    }
    status = arguments->share.empty()
                 ? check(arguments->trace, arguments->options)
                 : check_one_share(arguments->trace, arguments->share, arguments->part);
  });
}

}  // namespace raddle::cli
