// SPDX-License-Identifier: Apache-2.0
// Many runs of a program under schedules that strategies choose; what failed, how often, and the
// simplest schedule that shows it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "cli/controlled_run.h"

namespace raddle::cli {

struct ExploreOptions {
  std::filesystem::path directory = "raddle-explore";
  std::string strategy = "auto";
  unsigned runs = 1000;
  unsigned seed = 0;  // of the first run; 0: where the last exploration in the directory ended
  unsigned jobs = 1;
  unsigned seconds = 10;                // that a run may take
  unsigned minimise_runs = 100;         // most, of each failure
  std::optional<unsigned> preemptions;  // most, of dfs
  std::optional<unsigned> early_ms;     // as in Plan
  std::optional<unsigned> rounds;       // as in Plan; nothing: by the length of the first run
  bool has_accesses = false;
  bool stops_at_first = false;
  int socket =
      -1;  // at which the program waits already (served_program.h); -1: it is to be started
  std::vector<std::string> program;
};

// One way in which the program fails.
struct Found {
  std::string title;
  unsigned runs = 0;       // in which it was seen
  unsigned first_run = 0;  // 1: the first controlled one; 0: the natural one alone so far
  std::optional<Schedule> schedule;
  bool is_predicted = false;           // it has not happened yet
  bool was_predicted = false;          // before it happened
  std::vector<std::uint64_t> objects;  // as in Failure
  bool comes_again = true;             // under its schedule, when that was tried
};

class Exploration {
 public:
  explicit Exploration(const ExploreOptions& options) : options_(options) {}

  // Returns what hinders it; empty: it is done, or was interrupted.
  std::string go();

  const std::map<std::string, Found>& found() const { return found_; }  // by fingerprint
  // What has happened over the same objects as what was predicted; null: nothing has.
  const Found* confirmation_of(const Found& predicted) const;
  unsigned runs() const { return done_; }
  std::size_t different_schedules() const { return schedules_.size(); }
  bool was_inexact() const { return was_inexact_; }
  // Who did where what nobody could decide about.
  const std::set<std::string>& uncontrolled() const { return uncontrolled_; }
  bool was_interrupted() const;
  // Whether no other schedule is left.
  bool is_exhausted() const { return is_exhausted_; }
  // Where the trace and the schedule of a failure are kept.
  std::filesystem::path kept(const std::string& fingerprint, const char* extension) const;
  // What runs its schedule again, with the program's words behind it.
  std::string replay_command(const std::string& fingerprint) const;

 private:
  std::string prepare();
  Plan plan_of(unsigned run, unsigned job) const;
  std::filesystem::path experience_of(unsigned job) const;
  void work(ControlledRun& controlled, unsigned job);
  void stop_for(const std::string& trouble);
  // What a run showed, counted and kept; nothing: it is time to stop.
  std::optional<Outcome> take_in(const ControlledRun& controlled, unsigned run, const Plan& plan,
                                 Result<Outcome> outcome);
  std::optional<Outcome> do_run(ControlledRun& controlled, unsigned run, const Plan& plan);
  void aim(ControlledRun& controlled);  // at what the first runs predict, targets.cpp
  bool aim_at(ControlledRun& controlled, const Failure& target, const std::filesystem::path& own);
  bool has_happened(const Failure& target) const;
  bool take_run(unsigned& run);
  void see(unsigned run, const Outcome& outcome, const std::filesystem::path& trace);
  void see_status(unsigned run, const Outcome& outcome, const std::filesystem::path& trace);
  std::filesystem::path natural_trace() const { return place_ / "natural.raddle"; }
  void keep(const Failure& failure, unsigned run, const Outcome& outcome,
            const std::filesystem::path& trace);
  void run_naturally(ControlledRun& natural);
  std::uint64_t rounds_for(std::uint64_t usual_events) const;
  // The rest of the exploration, whose runs are no new schedules; each for a while.
  void run_kept_again(ControlledRun& controlled);
  void minimise_all(ControlledRun& controlled);
  void try_again(ControlledRun& controlled);
  std::optional<Outcome> follow(ControlledRun& controlled, const std::filesystem::path& schedule);
  void show_progress(bool is_last);
  ControlledRun runner(unsigned job) const;

  ExploreOptions options_;
  std::filesystem::path place_;  // of the runs' own files
  std::optional<int> usual_status_;
  std::uint64_t program_ = 0;  // its fingerprint, once a run has told it
  std::uint64_t rounds_ = 0;   // as in Plan
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();

  std::mutex mutex_;  // guards what follows
  std::string trouble_;
  std::map<std::string, Found> found_;
  std::unordered_set<std::size_t> schedules_;  // hashes
  unsigned next_ = 0;
  unsigned done_ = 0;
  std::chrono::steady_clock::time_point shown_;  // when the progress was
  bool was_inexact_ = false;
  std::set<std::string> uncontrolled_;
  bool is_exhausted_ = false;
  std::map<std::string, Failure> predicted_;  // by fingerprint
};

}  // namespace raddle::cli
