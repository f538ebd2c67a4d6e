// SPDX-License-Identifier: Apache-2.0
#include "cli/controlled_run.h"

#include <algorithm>

#include "analyzer/analyze.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

}  // namespace

bool Outcome::has(const std::string& fingerprint) const {
  return std::ranges::find(failures, fingerprint, &Failure::fingerprint) != failures.end();
}

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
  const Result<Analysis> analysis = analyze(trace_);
  if (!analysis.ok()) return Error{analysis.error()};
  for (const Finding& finding : analysis.value().findings) {
    outcome.failures.push_back(
        {finding.fingerprint, std::string(name_of(finding.kind)) + ": " + finding.title});
  }
  if (std::optional<Schedule> schedule = read_schedule(schedule_)) outcome.schedule = *schedule;
  return outcome;
}

}  // namespace raddle::cli
