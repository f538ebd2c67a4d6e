// SPDX-License-Identifier: Apache-2.0
// The test's side of exploring: it makes the runs (sched/policy/run_again.h), and the command
// decides about them and reports.
#include "raddle/explore.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "runtime/record/record.h"
#include "runtime/record/run_server.h"
#include "runtime/sched/policy/run_again.h"
#include "runtime/sync/command.h"

namespace raddle {
namespace {

using sync::command_path;
using sync::contents_of;
using sync::exit_status_of;
using sync::start_command;

// Of this process, as it was called.
std::vector<std::string> own_command() {
  std::vector<std::string> words(1);
  const int fd = ::open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  char bytes[4096];
  ssize_t got = 0;
  while (fd >= 0 && (got = ::read(fd, bytes, sizeof bytes)) > 0) {
    for (ssize_t i = 0; i < got; ++i) {
      if (bytes[i] != '\0') {
        words.back() += bytes[i];
      } else {
        words.emplace_back();
      }
    }
  }
  if (fd >= 0) ::close(fd);
  if (words.size() > 1) words.pop_back();
  return words;
}

std::vector<std::string> words_of(const ExploreOptions& options, int socket) {
  std::vector<std::string> words = {command_path(), "explore",
                                    "--served",     std::to_string(socket),
                                    "-o",           options.directory,
                                    "--runs",       std::to_string(options.schedules),
                                    "--strategy",   options.strategy,
                                    "--seed",       std::to_string(options.seed),
                                    "--time-limit", std::to_string(options.time_limit.count())};
  if (options.has_accesses) words.emplace_back("--accesses");
  if (options.stops_at_first) words.emplace_back("--first");
  words.emplace_back("--");
  for (std::string& word : own_command()) words.push_back(std::move(word));
  return words;
}

void discard_output() {
  const int null = ::open("/dev/null", O_RDWR);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, fd);
  ::close(null);
}

Explored fail(const std::string& what, int error) {
  return {"raddle::explore: " + what + ": " + std::strerror(error), false};
}

// In a child, with the output that it has.
Explored replay(const char* schedule, void (*body)(void*), void* argument) {
  const pid_t child = ::fork();
  if (child < 0) return fail("fork", errno);
  if (child == 0) {
    const std::string options =
        "trace=" + std::string(schedule) + ".again.raddle:replay=" + schedule;
    ::setenv("RADDLE_OPTIONS", options.c_str(), 1);
    sched::run_again_and_again(-1, body, argument);
  }
  const int status = exit_status_of(child);
  return {"replayed " + std::string(schedule) + ": status " + std::to_string(status) +
              "; raddle view " + schedule + ".again.raddle",
          status == 0};
}

}  // namespace

Explored detail::explore(void (*body)(void*), void* argument, const ExploreOptions& options) {
  if (record::is_on()) {
    body(argument);
    return {"run once, as part of a recorded program", true};
  }
  if (const char* schedule = std::getenv("RADDLE_REPLAY")) return replay(schedule, body, argument);
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail("socketpair", errno);
  }
  const int output = ::memfd_create("raddle-explore", MFD_CLOEXEC);
  pid_t command = 0;
  const int error = start_command(words_of(options, ends[1]), ends[1], output, command);
  ::close(ends[1]);
  if (error != 0) {
    ::close(ends[0]);
    ::close(output);
    return fail(
        "cannot start " + command_path() + "; install it beside the library, or put it in PATH",
        error);
  }
  if (record::serve_runs(ends[0]) == record::Side::kRunner) {
    discard_output();
    sched::run_again_and_again(ends[0], body, argument);
  }
  ::close(ends[0]);
  const int status = exit_status_of(command);
  Explored explored{contents_of(output), status == 0};
  ::close(output);
  return explored;
}

}  // namespace raddle
