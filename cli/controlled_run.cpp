// SPDX-License-Identifier: Apache-2.0
#include "cli/controlled_run.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "analyzer/analyze.h"
#include "cli/child.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kMsPerSecond = 1000;

// Kills it if it takes longer than that; `is_late` says whether it did.
ChildEnd wait_for(pid_t child, unsigned seconds, bool& is_late) {
  const auto fd = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  pollfd ends{fd, POLLIN, 0};
  is_late = fd >= 0 && poll(&ends, 1, static_cast<int>(seconds) * kMsPerSecond) == 0;
  if (is_late) kill(child, SIGKILL);
  if (fd >= 0) close(fd);
  return cli::wait_for(child);
}

}  // namespace

bool Outcome::has(const std::string& fingerprint) const {
  return std::ranges::find(failures, fingerprint, &Failure::fingerprint) != failures.end();
}

ControlledRun::ControlledRun(std::vector<std::string> program, fs::path directory, unsigned seconds)
    : program_(std::move(program)),
      trace_(directory / "run.raddle"),
      schedule_(directory / "run.schedule"),
      scratch_(directory / "follow.schedule"),
      seconds_(seconds) {}

std::string ControlledRun::options_of(const Plan& plan) const {
  std::string options = "trace=" + trace_.string() + ":hang_timeout_ms=100";
  if (plan.strategy.empty()) return options;
  options += ":schedule=" + schedule_.string() + ":strategy=" + plan.strategy +
             ":seed=" + std::to_string(plan.seed) + ":depth=" + std::to_string(plan.depth) +
             ":steps=" + std::to_string(std::max<std::size_t>(plan.steps, 1)) +
             ":accesses=" + (plan.has_accesses ? "1" : "0");
  if (!plan.follow.empty()) options += ":replay=" + plan.follow.string();
  return options;
}

Result<Outcome> ControlledRun::run(const Plan& plan) {
  std::error_code ignored;
  fs::remove(trace_, ignored);
  fs::remove(schedule_, ignored);
  pid_t child = 0;
  if (const int error = start_silently(program_, options_of(plan), child); error != 0) {
    return Error{why_not_started(program_.front(), error)};
  }
  Outcome outcome;
  outcome.status = wait_for(child, seconds_, outcome.is_out_of_time).status;
  if (!fs::exists(trace_)) {
    return Error{program_.front() +
                 " left no trace: it was built without raddle's flag, or does not start"};
  }
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
