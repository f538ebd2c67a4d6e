// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/run_server.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include "runtime/record/other_threads.h"
#include "runtime/record/program_fingerprint.h"
#include "runtime/record/say.h"
#include "runtime/record/system_calls.h"
#include "trace/run_server.h"

namespace raddle::record {
namespace {

constinit trace::RunBoard* g_board = nullptr;  // of a runner

bool reply(int socket, trace::RunState state, int value) {
  const trace::RunReply words{state, value};
  return ::send(socket, &words, sizeof words, MSG_NOSIGNAL) == sizeof words;
}

// At least one byte; ends the process when nobody asks any more.
std::size_t receive(int socket, char* bytes, std::size_t most) {
  ssize_t got = 0;
  do {
    got = ::recv(socket, bytes, most, 0);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) ::_exit(0);
  return static_cast<std::size_t>(got);
}

void begin_anew() {
  static char text[1 << 16];
  static char* words[1024];
  const int fd = ::open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  const ssize_t got = fd < 0 ? -1 : ::read(fd, text, sizeof text - 1);
  std::size_t count = 0;
  for (ssize_t at = 0; at < got && count + 1 < std::size(words); ++at) {
    if (at == 0 || text[at - 1] == '\0') words[count++] = text + at;
  }
  ::execv("/proc/self/exe", words);
  say({"raddle: cannot begin the program anew: ", ::strerrordesc_np(errno)});
  ::_exit(127);
}

// Its status. Where nobody asks any more, not even for this run's end, it is ended.
int wait_for_runner(pid_t runner, int socket) {
  const auto watched = static_cast<int>(::syscall(SYS_pidfd_open, runner, 0));
  if (watched >= 0) {
    pollfd either[] = {{watched, POLLIN, 0}, {socket, 0, 0}};
    while (::poll(either, 2, -1) < 0 && errno == EINTR) {
    }
    if ((either[1].revents & POLLHUP) != 0) ::kill(runner, SIGKILL);
    close_file(watched);
  }
  int status = 0;
  while (::waitpid(runner, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// Of the processes that a run has started, those that it leaves behind are this one's children.
// Ending one brings its own. An old kernel does not name them.
void end_children() {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/children", ::getpid());
  for (;;) {
    char text[4096];
    const int fd = open_file(path, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? 0 : read_file(fd, text, sizeof text - 1);
    if (fd >= 0) close_file(fd);
    if (got <= 0) return;
    text[got] = '\0';
    // The last one may be cut off; it comes again.
    for (char* at = text; std::strchr(at, ' ') != nullptr; at = std::strchr(at, ' ') + 1) {
      const auto child = static_cast<pid_t>(std::strtol(at, nullptr, 10));
      ::kill(child, SIGKILL);
      while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
  }
}

}  // namespace

const char* receive_options(int socket) noexcept {
  static char command[trace::kMaxCommandBytes + 1];
  std::size_t got = 0;
  do {
    got = receive(socket, command, trace::kMaxCommandBytes);
  } while (got == trace::kWakingBytes);  // it was for a process that is gone
  command[got] = '\0';
  return command;
}

void use_board(const char* path) noexcept {
  const int fd = open_file(path, O_RDWR | O_CLOEXEC);
  void* memory = ::mmap(nullptr, sizeof *g_board, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) {
    say({"raddle: cannot map ", path, ": ", ::strerrordesc_np(errno)});
    ::_exit(2);
  }
  close_file(fd);
  g_board = static_cast<trace::RunBoard*>(memory);
}

void say_done(int socket, bool has_new_trace) noexcept {
  const std::uint64_t number = g_board->done.load();
  g_board->places[number % trace::RunBoard::kPlaces].has_new_trace = has_new_trace ? 1 : 0;
  g_board->done.store(number + 1);
  const std::uint64_t wanted = g_board->wanted.load();
  if (wanted == 0 || wanted > number + 1 || g_board->wanted.exchange(0) == 0) return;
  if (!reply(socket, trace::RunState::kDone, 0)) ::_exit(0);
}

const char* next_options(int socket) noexcept {
  const std::uint64_t number = g_board->done.load();
  while (g_board->asked.load() <= number) {
    g_board->runner_waits.store(1);
    if (g_board->asked.load() > number) break;
    char waking[trace::kWakingBytes];
    receive(socket, waking, sizeof waking);
  }
  g_board->runner_waits.store(0);
  return g_board->places[number % trace::RunBoard::kPlaces].command;
}

namespace {

Side serve(int socket, bool is_for_all) noexcept {
  program_fingerprint();  // known to all children then
  for (;;) {
    const pid_t child = ::fork();
    if (child < 0) {
      say({"raddle: fork: ", ::strerrordesc_np(errno)});
      return Side::kServer;
    }
    if (child == 0) {
      if (!reply(socket, trace::RunState::kReady, ::getpid())) ::_exit(0);
      ::setenv("RADDLE_OPTIONS", receive_options(socket), 1);
      return Side::kRunner;
    }
    const int status = wait_for_runner(child, socket);
    if (is_for_all) end_children();
    if (!reply(socket, trace::RunState::kEnded, status)) return Side::kServer;
  }
}

}  // namespace

Side serve_runs(int socket) noexcept { return serve(socket, false); }

void serve_whole_runs(int socket) noexcept {
  socket = move_out_of_the_way(socket);
  const bool is_alone = !has_other_threads();  // fork leaves them behind
  ::unsetenv("LD_BIND_NOW");                   // it was for this process
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  if (serve(socket, true) == Side::kServer) ::_exit(0);
  ::close(socket);
  if (!is_alone) begin_anew();
}

}  // namespace raddle::record
