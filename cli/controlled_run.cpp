// SPDX-License-Identifier: Apache-2.0
#include "cli/controlled_run.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kUsualOptionBytes = 512;

std::string text_of(const std::vector<std::uint64_t>& addresses) {
  std::ostringstream text;
  text << std::hex;
  for (const std::uint64_t address : addresses) text << (text.tellp() > 0 ? "," : "") << address;
  return text.str();
}

Failure failure_of(const Finding& finding, const Run& run) {
  const bool is_suspected = finding.certainty == Certainty::kSuspected;
  Failure failure{finding.fingerprint,
                  std::string(name_of(finding.kind)) + ": " + finding.title +
                      (is_suspected ? " [suspected]" : ""),
                  finding.certainty == Certainty::kPredicted,
                  {},
                  finding.kind == FindingKind::kDataRace};
  std::set<std::uint64_t> objects;
  for (const WaitEdge& edge : finding.edges) objects.insert(run.objects[edge.on].address);
  if (failure.is_race) objects.insert(finding.parties.front().address);
  failure.objects.assign(objects.begin(), objects.end());
  return failure;
}

// Maps the file at `path` if none is mapped. Returns what hinders that.
std::string map(const fs::path& path, std::shared_ptr<const trace::MappedFile>& file) {
  if (file) return {};
  Result<std::shared_ptr<const trace::MappedFile>> opened = trace::MappedFile::open(path);
  if (!opened.ok()) return opened.error();
  file = std::move(opened.value());
  return {};
}

}  // namespace

bool Outcome::has(const std::string& fingerprint) const {
  return std::ranges::find(failures, fingerprint, &Failure::fingerprint) != failures.end();
}

bool Outcome::has_failed() const { return !std::ranges::all_of(failures, &Failure::is_predicted); }

ControlledRun::ControlledRun(std::unique_ptr<ServedProgram> program, fs::path directory,
                             unsigned seconds)
    : program_(std::move(program)), directory_(std::move(directory)), seconds_(seconds) {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    places_[i].trace_path = directory_ / (std::to_string(i) + ".run.raddle");
    places_[i].schedule_path = directory_ / (std::to_string(i) + ".run.schedule");
  }
}

std::string ControlledRun::options_of(const Plan& plan, const Place& place) const {
  std::string options;
  options.reserve(kUsualOptionBytes);
  options += "trace=" + place.trace_path.native() + ":hang_timeout_ms=100:chunk_kb=";
  options += program_->is_one_process() ? "256" : "16";  // used again, or written with zeros
  if (plan.strategy.empty()) return options;
  options += ":schedule=" + place.schedule_path.native() + ":strategy=" + plan.strategy +
             ":seed=" + std::to_string(plan.seed) + ":depth=" + std::to_string(plan.depth) +
             ":accesses=" + (plan.has_accesses ? "1" : "0") +
             ":rounds=" + std::to_string(plan.rounds);
  if (plan.early_ms) options += ":early_ms=" + std::to_string(*plan.early_ms);
  if (plan.preemptions) options += ":preemptions=" + std::to_string(*plan.preemptions);
  if (!plan.experience.empty()) options += ":experience=" + plan.experience.native();
  if (!plan.targets.empty()) options += ":targets=" + text_of(plan.targets);
  if (!plan.follow.empty()) options += ":replay=" + plan.follow.string();
  return options;
}

std::size_t ControlledRun::most_started() const {
  constexpr std::size_t kRunsForOne = 128;
  if (!program_->is_one_process()) return kFewStarted;
  return std::clamp(runs_ / kRunsForOne, kFewStarted, kPlaces);
}

std::size_t ControlledRun::take_place() {
  if (free_.empty()) return used_places_++;
  const std::size_t place = free_.front();
  free_.pop_front();
  return place;
}

Result<bool> ControlledRun::start(const Plan& plan) {
  const std::size_t number = take_place();
  Place& place = places_[number];
  if (!program_->is_one_process()) {
    std::error_code ignored;
    fs::remove(place.trace_path, ignored);
    fs::remove(place.schedule_path, ignored);
  }
  Result<bool> asked = program_->ask(options_of(plan, place));
  if (!asked.ok()) {
    free_.push_back(number);
    return asked;
  }
  place.predicts = plan.predicts;
  started_.push_back(number);
  ++runs_;
  return asked;
}

Result<Outcome> ControlledRun::finish() {
  finished_ = started_.front();
  started_.pop_front();
  free_.push_back(finished_);
  const Result<ServedEnd> served = program_->wait(seconds_);
  if (!served.ok()) return Error{served.error()};
  Outcome outcome;
  outcome.status = served.value().end.status;
  outcome.is_out_of_time = served.value().is_late;
  Place& files = places_[finished_];
  if (served.value().has_new_trace) files.trace = files.schedule = nullptr;
  if (std::string trouble = map(files.trace_path, files.trace); !trouble.empty())
    return Error{trouble};
  if (map(files.schedule_path, files.schedule).empty()) {
    std::optional<Schedule> schedule = read_schedule(files.schedule->bytes());
    if (schedule) outcome.schedule = std::move(*schedule);
  }
  // Of a run that nobody scheduled its length is wanted, of one that was not all under control why.
  const trace::ScheduleHeader& header = outcome.schedule.header;
  if (header.magic != 0 && header.is_inexact == 0) {
    const Result<bool> is_clean = check_.finds_nothing(files.trace, files.predicts);
    if (!is_clean.ok()) return Error{is_clean.error()};
    if (is_clean.value()) return outcome;
  }
  AnalyzeOptions needs;
  needs.predicts = files.predicts;
  const Result<Analysis> analysis = analyze(files.trace, needs);
  if (!analysis.ok()) return Error{analysis.error()};
  outcome.events = analysis.value().run.events;
  outcome.uncontrolled = analysis.value().run.uncontrolled;
  for (const Finding& finding : analysis.value().findings) {
    // Without the wish to predict it is but a guess.
    if (!needs.predicts && finding.certainty == Certainty::kPredicted) continue;
    outcome.failures.push_back(failure_of(finding, analysis.value().run));
  }
  return outcome;
}

Result<Outcome> ControlledRun::run(const Plan& plan) {
  if (const Result<bool> started = start(plan); !started.ok()) return Error{started.error()};
  return finish();
}

}  // namespace raddle::cli
