// SPDX-License-Identifier: Apache-2.0
// Livelocks: so many rounds in which all who could go on did, and nobody has come to an end. The
// last of them are fair, each in its turn and nobody deciding, so that chance is no reason. Then
// each says that it goes round, where it is, and the last one ends the process.
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "runtime/record/say.h"
#include "runtime/record/turns.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/guard.h"
#include "runtime/sched/task.h"

namespace raddle::sched {

namespace {

constexpr std::uint64_t kDecidedShare = 8;  // of the rounds, so that schedules stay short
// A round that takes so many steps would come to no end by itself: not each way of deciding is
// fair.
constexpr std::uint64_t kLongRound = 10'000;
constexpr std::uint32_t kMostLongRounds = 16;
constexpr std::uint64_t kLessLongRound = 200;
constexpr std::uint64_t kTellingRounds = 2;
constexpr int kHungStatus = 66;  // as the watchdog's

// Also those of a bare clone, which may share our memory: a search for leaks has one, and looks
// again and again whether it is done.
bool has_child_processes() {
  const int saved_errno = errno;
  siginfo_t info{};
  constexpr int kFlags = WEXITED | WNOHANG | WNOWAIT | __WALL;
  const bool has_some = ::syscall(SYS_waitid, P_ALL, 0, &info, kFlags, nullptr) == 0;
  errno = saved_errno;
  return has_some;
}

}  // namespace

bool Controlled::is_fair_now() {
  if (most_rounds_ == 0) return false;
  const std::uint64_t steps = runners_.round_steps();
  const std::uint64_t most = long_rounds_ < kMostLongRounds ? kLongRound : kLessLongRound;
  const bool was_long = std::exchange(is_long_round_, steps >= most);
  if (is_long_round_ && !was_long) ++long_rounds_;
  return is_long_round_ || runners_.rounds() >= most_rounds_ / kDecidedShare;
}

// Whoever is not under our control may be who lets the others go on.
bool Controlled::goes_round() const {
  return most_rounds_ != 0 && runners_.rounds() >= most_rounds_ && !written_.is_inexact() &&
         !has_outsiders_ && !record::g_handles_signals.load(std::memory_order_relaxed) &&
         !has_child_processes();
}

void Controlled::tell_that_it_goes_round(Guard& guard) {
  const bool is_last = runners_.rounds() >= most_rounds_ + kTellingRounds;
  guard.unlock();
  record::event({.kind = trace::Kind::kSpin, .index = is_last ? 1u : 0u});
  if (is_last) {
    record::finish(trace::EndReason::kLivelocked, kHungStatus);
    char line[128];
    std::snprintf(line, sizeof line,
                  "raddle: after %llu rounds all who can go on still do, and nobody comes to an "
                  "end; the program is ended",
                  static_cast<unsigned long long>(most_rounds_));
    record::say({line});
    ::_exit(kHungStatus);
  }
  guard.lock();
}

}  // namespace raddle::sched
