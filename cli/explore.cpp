// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/check_options.h"
#include "cli/commands.h"
#include "cli/exploration.h"
#include "cli/interrupt.h"
#include "cli/message.h"

namespace raddle::cli {
namespace {

constexpr int kSignalled = 128;  // as a shell counts

std::string words_of(const std::vector<std::string>& program) {
  std::string words;
  for (const std::string& word : program) words += " " + word;
  return words;
}

void print(const Exploration& exploration, const std::string& fingerprint, const Found& found,
           const std::string& program) {
  std::cout << found.title << "\n";
  if (found.was_predicted) std::cout << "  predicted from one run, and confirmed\n";
  if (const Found* same = found.is_predicted ? exploration.confirmation_of(found) : nullptr) {
    std::cout << "  predicted, and confirmed by: " << same->title << "\n";
  } else if (found.is_predicted) {
    std::cout << "  predicted only: no schedule has shown it yet\n";
  } else if (found.schedule) {
    std::cout << "  in " << found.runs << " of " << exploration.runs()
              << " schedules, first in number " << found.first_run << "; the simplest has "
              << switches(*found.schedule) << " switches in " << found.schedule->choices.size()
              << " decisions\n";
  } else {
    std::cout << "  only in the run that nobody scheduled\n";
  }
  std::cout << "  look at it:   raddle view " << exploration.kept(fingerprint, ".raddle").string()
            << "\n";
  if (!found.comes_again) {
    std::cout
        << "  it did not come again under this schedule: the program depends on something that "
           "is not scheduled (a file, a random number, an address, another process)\n";
  }
  if (found.schedule && !found.is_predicted) {
    std::cout << "  run it again: " << exploration.replay_command(fingerprint) << program << "\n";
  }
}

std::string exhausted_words(const ExploreOptions& options) {
  if (!options.preemptions) return "there are no other schedules: all have been seen";
  return "all schedules with at most " + std::to_string(*options.preemptions) +
         " preemptions have been seen";
}

std::string inexact_words(const Exploration& exploration) {
  constexpr std::size_t kMostNamed = 5;
  std::string words;
  std::size_t count = 0;
  for (const std::string& one : exploration.uncontrolled()) {
    if (++count <= kMostNamed) words += (words.empty() ? "" : "; ") + one;
  }
  if (count > kMostNamed)
    words += "; and at " + std::to_string(count - kMostNamed) + " more places";
  if (words.empty()) {
    return "some of the program does not wait for its turn (it starts threads or processes by "
           "means that are not seen), or its schedule is too long to be kept whole: a replay may "
           "differ";
  }
  return words +
         ": it does not wait for its turn there, others went on meanwhile, and a replay "
         "may differ";
}

int explore(const ExploreOptions& options) {
  if (options.strategy == "dfs" && options.jobs > 1) {
    return fail("dfs takes one schedule after the other; leave -j away");
  }
  if (options.strategy != "dfs" && options.preemptions) {
    return fail("--preemptions is a bound of --strategy dfs");
  }
  Exploration exploration(options);
  const std::string trouble = exploration.go();
  if (!trouble.empty() && exploration.runs() == 0) return fail(trouble);
  for (const auto& [fingerprint, found] : exploration.found()) {
    print(exploration, fingerprint, found, words_of(options.program));
  }
  std::cout << exploration.found().size() << " found in " << exploration.runs() << " schedules, "
            << exploration.different_schedules() << " of them different" << std::endl;
  if (exploration.is_exhausted()) say(exhausted_words(options));
  if (!trouble.empty()) say("stopped: " + trouble);
  if (exploration.was_interrupted()) say("interrupted; what was found until then is kept");
  if (exploration.was_inexact()) say(inexact_words(exploration));
  // A terminal's interrupt is the user's own, who sees what was found.
  const int signal = interrupt_signal();
  if (signal != 0 && signal != SIGINT) return kSignalled + signal;
  return exploration.found().empty() ? 0 : kStatusFindings;
}

}  // namespace

void add_explore(CLI::App& app, int& status) {
  auto options = std::make_shared<ExploreOptions>();
  CLI::App* command = app.add_subcommand(
      "explore", "Run a program under many schedules, and keep those in which it fails");
  command->add_option("-o,--output", options->directory,
                      "Where traces and schedules are kept (raddle-explore)");
  command->add_option("--runs", options->runs, "How many schedules (1000)")
      ->check(CLI::Range(1, 1'000'000'000));
  command->add_option("-j,--jobs", options->jobs, "How many at the same time (1)")
      ->check(CLI::Range(1, 1'000'000'000));
  command
      ->add_option("--strategy", options->strategy,
                   "auto (each in its turn), random, pct, pos, surw or dfs (all schedules)")
      ->check(CLI::IsMember({"auto", "random", "pct", "pos", "surw", "dfs"}));
  command->add_option("--preemptions", options->preemptions,
                      "dfs: only schedules with at most so many");
  command->add_option("--seed", options->seed,
                      "Of the first schedule; without it, where the last exploration ended");
  command->add_option("--time-limit", options->seconds, "Seconds that a run may take (10)")
      ->check(CLI::Range(1, 1'000'000'000));
  command->add_option("--rounds", options->rounds,
                      "In which all who can go on do, before a run counts as a livelock (20 for "
                      "each event of the first run, 50000 at least); 0: any number");
  command->add_option("--early-ms", options->early_ms,
                      "What is due within so many milliseconds may come before others go on (100); "
                      "0: time passes only when nobody can");
  command->add_option("--minimise", options->minimise_runs,
                      "Runs to make each kept schedule simpler (100)");
  command->add_flag("--accesses", options->has_accesses,
                    "Let others go first before memory accesses, too");
  command->add_flag("--first", options->stops_at_first, "Stop when something is found");
  command->add_option("--served", options->socket)->group("");  // raddle::explore()
  command->add_option("PROGRAM", options->program, "The program and its arguments")->required();
  command->callback([options, &status] { status = explore(*options); });
}

}  // namespace raddle::cli
