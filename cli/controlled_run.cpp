// SPDX-License-Identifier: Apache-2.0
#include "cli/controlled_run.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "analyzer/analyze.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

std::string text_of(const std::vector<std::uint64_t>& addresses) {
  std::ostringstream text;
  text << std::hex;
  for (const std::uint64_t address : addresses) text << (text.tellp() > 0 ? "," : "") << address;
  return text.str();
}

Failure failure_of(const Finding& finding, const Run& run) {
  Failure failure{finding.fingerprint,
                  std::string(name_of(finding.kind)) + ": " + finding.title,
                  finding.certainty == Certainty::kPredicted,
                  {},
                  finding.kind == FindingKind::kDataRace};
  std::set<std::uint64_t> objects;
  for (const WaitEdge& edge : finding.edges) objects.insert(run.objects[edge.on].address);
  if (failure.is_race) objects.insert(finding.parties.front().address);
  failure.objects.assign(objects.begin(), objects.end());
  return failure;
}

}  // namespace

bool Outcome::has(const std::string& fingerprint) const {
  return std::ranges::find(failures, fingerprint, &Failure::fingerprint) != failures.end();
}

bool Outcome::has_failed() const { return !std::ranges::all_of(failures, &Failure::is_predicted); }

ControlledRun::ControlledRun(std::vector<std::string> program, fs::path directory, unsigned seconds)
    : program_(std::make_unique<ServedProgram>(std::move(program))),
      trace_(directory / "run.raddle"),
      schedule_(directory / "run.schedule"),
      scratch_(directory / "follow.schedule"),
      seconds_(seconds) {}

std::string ControlledRun::options_of(const Plan& plan) const {
  std::string options = "trace=" + trace_.string() + ":hang_timeout_ms=100:chunk_kb=16";
  if (plan.strategy.empty()) return options;
  options += ":schedule=" + schedule_.string() + ":strategy=" + plan.strategy +
             ":seed=" + std::to_string(plan.seed) + ":depth=" + std::to_string(plan.depth) +
             ":accesses=" + (plan.has_accesses ? "1" : "0");
  if (plan.preemptions) options += ":preemptions=" + std::to_string(*plan.preemptions);
  if (!plan.experience.empty()) options += ":experience=" + plan.experience.string();
  if (!plan.targets.empty()) options += ":targets=" + text_of(plan.targets);
  if (!plan.follow.empty()) options += ":replay=" + plan.follow.string();
  return options;
}

Result<Outcome> ControlledRun::run(const Plan& plan) {
  std::error_code ignored;
  fs::remove(trace_, ignored);
  fs::remove(schedule_, ignored);
  const Result<ServedEnd> served = program_->run(options_of(plan), seconds_);
  if (!served.ok()) return Error{served.error()};
  Outcome outcome;
  outcome.status = served.value().end.status;
  outcome.is_out_of_time = served.value().is_late;
  AnalyzeOptions needs;
  needs.predicts = plan.predicts;
  const Result<Analysis> analysis = analyze(trace_, needs);
  if (!analysis.ok()) return Error{analysis.error()};
  for (const Finding& finding : analysis.value().findings) {
    outcome.failures.push_back(failure_of(finding, analysis.value().run));
  }
  if (std::optional<Schedule> schedule = read_schedule(schedule_)) outcome.schedule = *schedule;
  return outcome;
}

}  // namespace raddle::cli
