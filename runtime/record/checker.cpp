// SPDX-License-Identifier: Apache-2.0
// Everything here is done by bare system calls: what the program may replace or watch is not used,
// and between clone and exec nothing else may be.
#include "runtime/record/checker.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "runtime/record/clock.h"
#include "runtime/record/command.h"
#include "runtime/record/options.h"
#include "runtime/record/say.h"

namespace raddle::record {
namespace {

constexpr std::uint64_t kMostWaitNs = 300'000'000'000;  // for the checker's last words
constexpr int kNotStarted = 127;

// Relaxed: set before there are threads that look, and changed by who has waited.
constinit std::atomic<int> g_helper{0};    // our child; 0: none
constinit std::atomic<int> g_follower{0};  // another process that follows; 0: none
// Relaxed: who reads it later than it was written waits once more, no worse.
constinit std::atomic<bool> g_is_stuck{false};  // it has not moved for so long that nobody waits

// A child as of fork, without handlers; `signal`: that its parent gets at its end, 0 for none.
int clone_process(int signal) {
  return static_cast<int>(::syscall(SYS_clone, signal, nullptr, nullptr, nullptr, nullptr));
}

[[noreturn]] void end(int status) {
  for (;;) ::syscall(SYS_exit_group, status);
}

int wait_for(int child, int& status, int flags) {
  int got = 0;
  do {
    got = static_cast<int>(::syscall(SYS_wait4, child, &status, flags | __WALL, nullptr));
  } while (got < 0 && errno == EINTR);
  return got;
}

// Standard output is the program's. A terminal's interrupts are not for this process, and what the
// program has open must not stay open for its sake.
void leave_program() {
  ::syscall(SYS_setpgid, 0, 0);
  const auto null = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR));
  ::syscall(SYS_dup3, null, STDIN_FILENO, 0);
  const bool can_say = ::syscall(SYS_fcntl, STDERR_FILENO, F_GETFD) >= 0;
  if (!can_say) ::syscall(SYS_dup3, null, STDERR_FILENO, 0);
  ::syscall(SYS_dup3, STDERR_FILENO, STDOUT_FILENO, 0);
  constexpr unsigned kFirst = STDERR_FILENO + 1;
  ::syscall(SYS_close_range, kFirst, ~0u, 0);
}

// Waits for the command, which exec makes an ordinary child, and ends as it does.
[[noreturn]] void help(char* const* words, char* const* environment) {
  leave_program();
  const auto self = static_cast<int>(::syscall(SYS_getpid));
  const int command = clone_process(SIGCHLD);
  if (command == 0) {
    // With its helper the program has no sign of it any more. The helper may have ended before.
    ::syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::syscall(SYS_getppid) != self) end(kNotStarted);
    ::syscall(SYS_execve, words[0], words, environment);
    end(kNotStarted);
  }
  int status = 0;
  if (command < 0 || wait_for(command, status, 0) != command) end(kNotStarted);
  end(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

// The helper may be killed before the checker is.
bool has_no_reader(int trace) {
  return ::syscall(SYS_flock, trace, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

// The command's words and environment. In memory that nothing else uses: there is no allocating
// here.
struct Start {
  static constexpr std::size_t kMostWords = 64;
  static constexpr std::size_t kMostVariables = 4096;
  char command[PATH_MAX];
  char options[4096];
  char* words[kMostWords + 1];
  char* environment[kMostVariables + 1];
};
constinit Start g_start{};

bool is_variable(const char* word, std::string_view name) {
  return std::strncmp(word, name.data(), name.size()) == 0 && word[name.size()] == '=';
}

// RADDLE_CHECK_OPTIONS, at its blanks.
std::size_t add_options(std::size_t count) {
  const char* asked = std::getenv("RADDLE_CHECK_OPTIONS");
  if (asked == nullptr || std::strlen(asked) >= sizeof g_start.options) return count;
  std::strcpy(g_start.options, asked);
  char* rest = nullptr;
  for (char* word = ::strtok_r(g_start.options, " ", &rest);
       word != nullptr && count < Start::kMostWords; word = ::strtok_r(nullptr, " ", &rest)) {
    g_start.words[count++] = word;
  }
  return count;
}

void prepare(const char* trace, bool removes) {
  std::size_t count = 0;
  for (const char* word :
       {const_cast<const char*>(g_start.command), "check", "--follow", "--own-program", trace}) {
    g_start.words[count++] = const_cast<char*>(word);
  }
  if (removes) g_start.words[count++] = const_cast<char*>("--remove");
  g_start.words[add_options(count)] = nullptr;
  std::size_t variables = 0;
  for (char** word = environ; *word != nullptr && variables < Start::kMostVariables; ++word) {
    if (is_variable(*word, "RADDLE_OPTIONS") || is_variable(*word, "LD_PRELOAD")) continue;
    g_start.environment[variables++] = *word;
  }
  g_start.environment[variables] = nullptr;
}

}  // namespace

bool can_start_checker() noexcept {
  if (find_command(g_start.command, sizeof g_start.command)) return true;
  say({"raddle: check=online: there is no command ", g_start.command,
       " to check with; install it beside the library, put it in PATH, or say in RADDLE_COMMAND "
       "where it is. The program runs on and is not checked meanwhile"});
  return false;
}

bool start_checker(const char* trace, bool removes) noexcept {
  if (!find_command(g_start.command, sizeof g_start.command)) return false;
  prepare(trace, removes);
  const int helper = clone_process(0);
  if (helper == 0) help(g_start.words, g_start.environment);
  if (helper < 0) {
    say({"raddle: check=online: cannot start ", g_start.command, ": ", ::strerrordesc_np(errno),
         "; the newest part of the trace is kept in ", trace});
    return false;
  }
  g_helper.store(helper, std::memory_order_relaxed);
  return true;
}

bool can_use_checker(int process) noexcept {
  if (::syscall(SYS_kill, process, 0) == 0 || errno != ESRCH) return true;
  say({"raddle: RADDLE_OPTIONS: checker= names no process; another checker is started"});
  return false;
}

void use_checker(int process) noexcept { g_follower.store(process, std::memory_order_relaxed); }

bool has_own_checker() noexcept { return g_helper.load(std::memory_order_relaxed) != 0; }

bool is_checker_alive() noexcept {
  const int helper = g_helper.load(std::memory_order_relaxed);
  if (helper == 0) {
    const int follower = g_follower.load(std::memory_order_relaxed);
    return follower != 0 && ::syscall(SYS_kill, follower, 0) == 0;
  }
  siginfo_t info{};
  constexpr int kFlags = WEXITED | WNOHANG | WNOWAIT | __WALL;
  return ::syscall(SYS_waitid, P_PID, helper, &info, kFlags, nullptr) == 0 && info.si_pid == 0;
}

int wait_for_checker() noexcept {
  const int helper = g_helper.load(std::memory_order_relaxed);
  if (helper == 0) return -1;
  const std::uint64_t begin_ns = monotonic_ns();
  int status = 0;
  for (int got = 0; got == 0;) {
    got = wait_for(helper, status, WNOHANG);
    if (got == helper) {
      g_helper.store(0, std::memory_order_relaxed);
      return WIFEXITED(status) ? WEXITSTATUS(status) : kNotStarted;
    }
    if (got < 0 || g_is_stuck.load(std::memory_order_relaxed)) return -1;
    if (monotonic_ns() - begin_ns > kMostWaitNs) break;
    const timespec pause{0, 1'000'000};
    ::syscall(SYS_nanosleep, &pause, nullptr);
  }
  say({"raddle: the checker has not ended yet; the program does not wait for it any longer"});
  return -1;
}

Patience::Verdict Patience::wait(std::uint64_t taken, int trace) noexcept {
  constexpr long kPauseNs = 200'000;
  constexpr unsigned kPausesBetweenLooks = 64;
  constexpr std::uint64_t kMostNs = 30'000'000'000;  // without a step
  const timespec pause{0, kPauseNs};
  ::syscall(SYS_nanosleep, &pause, nullptr);
  if (++pauses_ % kPausesBetweenLooks != 0) return Verdict::kGoOn;
  if (!is_checker_alive() && has_no_reader(trace)) return Verdict::kDied;
  const std::uint64_t now_ns = monotonic_ns();
  if (taken != taken_ || since_ns_ == 0) since_ns_ = now_ns;
  taken_ = taken;
  if (now_ns - since_ns_ < kMostNs) return Verdict::kGoOn;
  g_is_stuck.store(true, std::memory_order_relaxed);
  return Verdict::kTooLong;
}

void forget_checker() noexcept {
  g_helper.store(0, std::memory_order_relaxed);
  g_follower.store(0, std::memory_order_relaxed);
  g_is_stuck.store(false, std::memory_order_relaxed);
}

}  // namespace raddle::record
