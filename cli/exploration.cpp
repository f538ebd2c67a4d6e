// SPDX-License-Identifier: Apache-2.0
#include "cli/exploration.h"

#include <stdlib.h>
#include <sys/personality.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <functional>
#include <iostream>
#include <string_view>
#include <thread>

#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/minimise.h"
#include "trace/experience.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostMinimised = 10;
constexpr const char* kOutOfTime = "out-of-time";

// In a round each that can go on does one operation at least, so a run does not have many more
// rounds than it usually has events, unless it goes round.
constexpr std::uint64_t kRoundsPerEvent = 20;
constexpr std::uint64_t kFewestRounds = 50'000;
constexpr std::uint64_t kRoundsOfUnknown = 1'000'000;
constexpr std::uint64_t kMostRounds = 999'999'999;  // that RADDLE_OPTIONS takes

// What is done with the schedules that fail must not take much longer than to find them.
class Deadline {
 public:
  bool is_over() const { return std::chrono::steady_clock::now() > end_; }

 private:
  std::chrono::steady_clock::time_point end_ =
      std::chrono::steady_clock::now() + std::chrono::seconds(20);
};

std::size_t hash_of(const Schedule& schedule) {
  const auto* bytes = reinterpret_cast<const char*>(schedule.choices.data());
  return std::hash<std::string_view>{}({bytes, schedule.choices.size() * sizeof(std::uint32_t)});
}

// In memory if there is such a place: thousands of traces come and go there. Empty: nowhere.
fs::path make_place(const fs::path& directory) {
  for (const fs::path& parent : {fs::path("/dev/shm"), directory}) {
    std::string name = (parent / "raddle-explore.XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) return name;
  }
  return {};
}

bool has_seen_all(const fs::path& experience) {
  trace::ExperienceHeader header;
  std::ifstream file(experience, std::ios::binary);
  return file.read(reinterpret_cast<char*>(&header), sizeof header) && header.is_exhausted != 0;
}

}  // namespace

bool Exploration::was_interrupted() const { return is_interrupted(); }

fs::path Exploration::kept(const std::string& fingerprint, const char* extension) const {
  return options_.directory / (fingerprint + extension);
}

// Each job has its own: two runs at once must not write to one.
fs::path Exploration::experience_of(unsigned job) const {
  const std::string name = job == 0 ? "experience" : "experience." + std::to_string(job);
  return options_.directory / name;
}

std::string Exploration::replay_command(const std::string& fingerprint) const {
  const std::string schedule = kept(fingerprint, ".schedule").string();
  return options_.socket < 0 ? "raddle replay " + schedule + " --" : "RADDLE_REPLAY=" + schedule;
}

Plan Exploration::plan_of(unsigned run, unsigned job) const {
  Plan plan;
  plan.strategy = options_.strategy;
  plan.seed = options_.seed + run;
  plan.preemptions = options_.preemptions;
  plan.early_ms = options_.early_ms;
  plan.experience = experience_of(job);
  plan.has_accesses = options_.has_accesses;
  plan.rounds = rounds_;
  return plan;
}

ControlledRun Exploration::runner(unsigned job) const {
  const fs::path own = place_ / std::to_string(job);
  std::error_code ignored;
  fs::create_directories(own, ignored);
  auto program = options_.socket < 0 ? std::make_unique<ServedProgram>(options_.program)
                                     : std::make_unique<ServedProgram>(
                                           options_.socket, own / "board", options_.program);
  return {std::move(program), own, options_.seconds};
}

// Where the last exploration of the directory ended.
std::string Exploration::prepare() {
  std::error_code error;
  fs::create_directories(options_.directory, error);
  if (error) {
    return "cannot make the directory " + options_.directory.string() + ": " + error.message() +
           "; name another with -o";
  }
  options_.directory = fs::absolute(options_.directory);
  if (options_.directory.string().find(':') != std::string::npos) {
    return "the directory's path must not contain ':' (" + options_.directory.string() +
           "); name another with -o";
  }
  if (options_.seed == 0) {
    std::ifstream(options_.directory / "next_seed") >> options_.seed;
    options_.seed = std::max(options_.seed, 1u);
  }
  place_ = make_place(options_.directory);
  if (place_.empty()) {
    return "cannot write to " + options_.directory.string() + "; name another directory with -o";
  }
  personality(ADDR_NO_RANDOMIZE);  // the program's: the same addresses in each run
  return {};
}

// The simplest schedule is kept of each.
void Exploration::keep(const Failure& failure, unsigned run, const Outcome& outcome,
                       const fs::path& trace) {
  Found& found = found_[failure.fingerprint];
  if (failure.is_predicted && found.runs != 0 && !found.is_predicted) return;
  if (!failure.is_predicted && found.is_predicted) {
    found = {};
    found.was_predicted = true;
  }
  found.is_predicted = failure.is_predicted;
  found.objects = failure.objects;
  const bool is_natural = outcome.schedule.header.magic == 0;
  found.title = failure.title;
  if (!is_natural) ++found.runs;
  if (found.first_run == 0 && !is_natural) found.first_run = run + 1;
  const bool is_better =
      is_natural || !found.schedule || switches(outcome.schedule) < switches(*found.schedule);
  if (!is_better) return;
  std::error_code ignored;
  fs::copy_file(trace, kept(failure.fingerprint, ".raddle"), fs::copy_options::overwrite_existing,
                ignored);
  if (is_natural) return;
  found.schedule = outcome.schedule;
  write_schedule(outcome.schedule, kept(failure.fingerprint, ".schedule"));
}

// Zero is never the failure, whatever the run that nobody scheduled came to.
void Exploration::see_status(unsigned run, const Outcome& outcome, const fs::path& trace) {
  if (!usual_status_) usual_status_ = outcome.status;
  const int usual = *usual_status_;
  if (outcome.status == usual) return;
  const int unusual = outcome.status == 0 ? usual : outcome.status;
  const std::string status = std::to_string(unusual);
  const Failure failure{"status-" + status,
                        "exit status " + status + " instead of " +
                            (outcome.status == 0 ? "0" : "the usual " + std::to_string(usual)),
                        false,
                        {}};
  if (outcome.status != 0) return keep(failure, run, outcome, trace);
  usual_status_ = 0;
  keep(failure, 0, {}, natural_trace());
}

void Exploration::see(unsigned run, const Outcome& outcome, const fs::path& trace) {
  for (const Failure& failure : outcome.failures) {
    keep(failure, run, outcome, trace);
    if (failure.is_predicted) predicted_[failure.fingerprint] = failure;
  }
  if (outcome.is_out_of_time) {
    keep({kOutOfTime,
          "hang: the program did not end within " + std::to_string(options_.seconds) + " seconds",
          false,
          {}},
         run, outcome, trace);
  } else if (!outcome.has_failed()) {
    see_status(run, outcome, trace);
  }
  uncontrolled_.insert(outcome.uncontrolled.begin(), outcome.uncontrolled.end());
  was_inexact_ = was_inexact_ || outcome.schedule.header.is_inexact != 0;
}

// 0: the usual length is not known.
std::uint64_t Exploration::rounds_for(std::uint64_t usual_events) const {
  if (options_.rounds) return *options_.rounds;
  if (usual_events == 0) return kRoundsOfUnknown;
  return std::clamp(usual_events * kRoundsPerEvent, kFewestRounds, kMostRounds);
}

void Exploration::run_naturally(ControlledRun& natural) {
  Plan plan;
  plan.predicts = true;
  const Result<Outcome> outcome = natural.run(plan);
  if (!outcome.ok()) {
    trouble_ = outcome.error();
    return;
  }
  // It may have a reason to take long: time passes by itself only under a schedule.
  if (outcome.value().is_out_of_time) {
    return say("the first run, which nobody schedules, did not end within " +
               std::to_string(options_.seconds) +
               " seconds: what is usual for the program is not known");
  }
  rounds_ = rounds_for(outcome.value().events);
  if (outcome.value().status != 0) {
    std::error_code ignored;
    fs::copy_file(natural.trace(), natural_trace(), ignored);
  }
  see(0, outcome.value(), natural.trace());
}

bool Exploration::take_run(unsigned& run) {
  const std::lock_guard lock(mutex_);
  const bool is_enough =
      options_.stops_at_first &&
      std::ranges::any_of(found_, [](const auto& entry) { return !entry.second.is_predicted; });
  if (next_ == options_.runs || !trouble_.empty() || was_interrupted() || is_enough ||
      is_exhausted_) {
    return false;
  }
  run = next_++;
  return true;
}

std::optional<Outcome> Exploration::take_in(const ControlledRun& controlled, unsigned run,
                                            const Plan& plan, Result<Outcome> outcome) {
  const std::lock_guard lock(mutex_);
  if (was_interrupted()) return {};  // the program was, too
  if (!outcome.ok()) {
    trouble_ = outcome.error();
    return {};
  }
  ++done_;
  program_ = outcome.value().schedule.header.program;
  schedules_.insert(hash_of(outcome.value().schedule));
  see(run, outcome.value(), controlled.trace());
  is_exhausted_ = plan.strategy == "dfs" && has_seen_all(plan.experience);
  show_progress(false);
  return std::move(outcome.value());
}

std::optional<Outcome> Exploration::do_run(ControlledRun& controlled, unsigned run,
                                           const Plan& plan) {
  return take_in(controlled, run, plan, controlled.run(plan));
}

// A job's runs are made one after the other, so that each learns from the one before.
void Exploration::work(ControlledRun& controlled, unsigned job) {
  Plan plan = plan_of(0, job);
  std::deque<unsigned> started;
  for (;;) {
    unsigned run = 0;
    // Which run of dfs is the last is known when it is over.
    const std::size_t most = options_.strategy == "dfs" ? 1 : controlled.most_started();
    // Some at a time: a program that waits for its next run is woken once for all of them.
    const bool needs_more = started.size() <= most / 2;
    while (needs_more && started.size() < most && take_run(run)) {
      started.push_back(run);
      plan.seed = options_.seed + run;
      const Result<bool> asked = controlled.start(plan);
      if (!asked.ok()) return stop_for(asked.error());
    }
    if (started.empty()) return;
    const unsigned number = started.front();
    started.pop_front();
    if (!take_in(controlled, number, plan, controlled.finish())) return;
  }
}

void Exploration::stop_for(const std::string& trouble) {
  const std::lock_guard lock(mutex_);
  trouble_ = trouble;
}

std::optional<Outcome> Exploration::follow(ControlledRun& controlled, const fs::path& schedule) {
  if (was_interrupted()) return {};
  Plan plan;
  plan.strategy = "follow";
  plan.follow = schedule;
  plan.rounds = rounds_;
  Result<Outcome> outcome = controlled.run(plan);
  if (!outcome.ok()) return {};
  return std::move(outcome.value());
}

// What an earlier exploration has found and this one has not: it may be mended.
void Exploration::run_kept_again(ControlledRun& controlled) {
  const Deadline deadline;
  std::error_code ignored;
  std::set<fs::path> schedules;
  for (const fs::directory_entry& entry : fs::directory_iterator(options_.directory, ignored)) {
    if (entry.path().extension() == ".schedule") schedules.insert(entry.path());
  }
  for (const fs::path& path : schedules) {
    const std::string fingerprint = path.stem().string();
    const std::optional<Schedule> schedule = read_schedule(path);
    const bool is_ours = schedule && schedule->header.program == program_;
    if (!is_ours || found_.contains(fingerprint) || deadline.is_over()) continue;
    if (const auto outcome = follow(controlled, path)) see(done_++, *outcome, controlled.trace());
  }
}

void Exploration::minimise_all(ControlledRun& controlled) {
  const Deadline deadline;
  std::size_t count = 0;
  for (auto& [fingerprint, found] : found_) {
    if (!found.schedule || found.is_predicted || ++count > kMostMinimised) continue;
    const auto attempt = [&](const Schedule& schedule) -> std::optional<Schedule> {
      if (deadline.is_over() || !write_schedule(schedule, controlled.scratch())) return {};
      const std::optional<Outcome> outcome = follow(controlled, controlled.scratch());
      if (!outcome || !outcome->has(fingerprint)) return {};
      keep({fingerprint, found.title, false, found.objects}, 0, *outcome, controlled.trace());
      --found.runs;
      return outcome->schedule;
    };
    minimise(*found.schedule, options_.minimise_runs, attempt);
  }
}

// Whether a schedule is all that a failure needs. What did not end would not end again.
void Exploration::try_again(ControlledRun& controlled) {
  const Deadline deadline;
  for (auto& [fingerprint, found] : found_) {
    if (!found.schedule || found.is_predicted || fingerprint == kOutOfTime) continue;
    if (deadline.is_over() || was_interrupted()) return;
    const auto outcome = follow(controlled, kept(fingerprint, ".schedule"));
    const bool has_status = outcome && fingerprint == "status-" + std::to_string(outcome->status);
    if (outcome) found.comes_again = has_status || outcome->has(fingerprint);
  }
}

void Exploration::show_progress(bool is_last) {
  constexpr std::chrono::milliseconds kBetween{100};
  const auto now = std::chrono::steady_clock::now();
  if (!is_last && now - shown_ < kBetween) return;
  shown_ = now;
  if (isatty(STDERR_FILENO) != 1) return;
  const std::chrono::duration<double> passed = now - begin_;
  std::cerr << "\rraddle: " << done_ << " of " << options_.runs << " schedules, "
            << schedules_.size() << " different, "
            << static_cast<long>(static_cast<double>(done_) / passed.count()) << "/s, "
            << found_.size() << " found " << (is_last ? "\n" : "") << std::flush;
}

std::string Exploration::go() {
  const InterruptGuard guard;
  if (std::string trouble = prepare(); !trouble.empty()) return trouble;
  rounds_ = rounds_for(0);
  constexpr unsigned kMostExpected = 1 << 20;
  schedules_.reserve(std::min(options_.runs, kMostExpected));
  ControlledRun first = runner(0);
  if (options_.socket < 0) {
    run_naturally(first);
  } else {
    usual_status_ = 0;  // of a process that makes one run after the other
  }
  if (options_.strategy == "auto") aim(first);
  std::vector<std::thread> jobs;
  for (unsigned job = 1; job < options_.jobs; ++job) {
    jobs.emplace_back([this, job] {
      ControlledRun own = runner(job);
      work(own, job);
    });
  }
  work(first, 0);
  for (std::thread& job : jobs) job.join();
  show_progress(true);
  run_kept_again(first);
  minimise_all(first);
  try_again(first);
  std::error_code ignored;
  fs::remove_all(place_, ignored);
  if (done_ == 0 && !trouble_.empty()) {
    fs::remove(options_.directory, ignored);  // if nothing lies there
    return trouble_;
  }
  std::ofstream(options_.directory / "next_seed") << options_.seed + done_ << "\n";
  return trouble_;
}

}  // namespace raddle::cli
