// SPDX-License-Identifier: Apache-2.0
// One run of the program under a schedule that the runtime decides about or follows, and what was
// found in it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "cli/schedule.h"
#include "cli/served_program.h"
#include "trace/mapped_file.h"
#include "trace/result.h"
#include "trace/run_server.h"

namespace raddle::cli {

// What the run is to do. Natural: nobody decides.
struct Plan {
  std::string strategy;  // empty: natural
  unsigned seed = 0;
  unsigned depth = 3;                   // of pct
  std::optional<unsigned> preemptions;  // most, of dfs
  std::optional<unsigned> early_ms;     // how far time may pass as a decision
  std::filesystem::path experience;     // what earlier runs have learnt; empty: nothing is kept
  bool has_accesses = false;
  std::uint64_t rounds = 0;            // most, before the run counts as a livelock; 0: any number
  std::vector<std::uint64_t> targets;  // addresses: what surw orders; empty: any
  bool predicts = false;               // what other runs may show is a failure, too
  std::filesystem::path follow;        // a schedule for the strategy "follow"
};

// One thing that went wrong.
struct Failure {
  std::string fingerprint;
  std::string title;
  bool is_predicted = false;
  // What races or waits in a circle; two failures over the same may be one that was predicted and
  // one that has happened.
  std::vector<std::uint64_t> objects;
  bool is_race = false;
};

struct Outcome {
  std::vector<Failure> failures;
  Schedule schedule;  // of a natural run: empty
  std::uint64_t events = 0;
  int status = 0;  // the program's exit status; 128 + the signal that killed it
  bool is_out_of_time = false;
  std::vector<std::string> uncontrolled;  // who did where what nobody could decide about
  bool has(const std::string& fingerprint) const;
  // Whether one of the failures has happened.
  bool has_failed() const;
};

// Runs a program in a directory that it has to itself. To be used by one thread at a time.
class ControlledRun {
 public:
  // `seconds`: what a run may take.
  ControlledRun(std::unique_ptr<ServedProgram> program, std::filesystem::path directory,
                unsigned seconds);

  // How many runs may have been started and not finished. Of a program with a process for each they
  // are packets, of which sockets hold no more than ten: two sides that both send would wait for
  // each other. Of others each has a file, which costs as much as a hundred runs: after many runs
  // there may be more.
  std::size_t most_started() const;
  // Asks for a run. Fails if the program cannot be started.
  Result<bool> start(const Plan& plan);
  // Waits for the first one that was started. Fails if its trace cannot be read.
  Result<Outcome> finish();
  Result<Outcome> run(const Plan& plan);  // the two in one, when nothing is started

  // Of the last run that has finished, until the next one is started.
  const std::filesystem::path& trace() const { return places_[finished_].trace_path; }
  // Where a schedule to follow may be put.
  std::filesystem::path scratch() const { return directory_ / "follow.schedule"; }

 private:
  // The files of a run. A program that makes its runs in one process uses them again.
  struct Place {
    std::filesystem::path trace_path, schedule_path;
    std::shared_ptr<const trace::MappedFile> trace;
    std::shared_ptr<const trace::MappedFile> schedule;
    bool predicts = false;
  };
  static constexpr std::size_t kPlaces = trace::RunBoard::kPlaces;
  static constexpr std::size_t kFewStarted = 8;
  std::size_t take_place();
  std::string options_of(const Plan& plan, const Place& place) const;

  std::unique_ptr<ServedProgram> program_;
  std::filesystem::path directory_;
  unsigned seconds_;
  std::array<Place, kPlaces> places_;
  std::size_t used_places_ = 0;      // the first ones
  std::deque<std::size_t> free_;     // of these, in the order in which they became so
  std::deque<std::size_t> started_;  // those of runs that are not finished
  std::size_t finished_ = 0;         // that of the last one
  std::size_t runs_ = 0;             // that were started
  RepeatedCheck check_;
};

}  // namespace raddle::cli
