// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/run_server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
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

bool reply(int socket, trace::RunState state, int value) {
  const trace::RunReply words{state, value};
  return ::send(socket, &words, sizeof words, MSG_NOSIGNAL) == sizeof words;
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

}  // namespace

const char* receive_options(int socket) noexcept {
  static char command[trace::kMaxCommandBytes + 1];
  ssize_t got = 0;
  do {
    got = ::recv(socket, command, trace::kMaxCommandBytes, 0);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) ::_exit(0);
  command[got] = '\0';
  return command;
}

void say_done(int socket) noexcept {
  if (!reply(socket, trace::RunState::kDone, 0)) ::_exit(0);
}

Side serve_runs(int socket) noexcept {
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
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!reply(socket, trace::RunState::kEnded, status)) return Side::kServer;
  }
}

void serve_whole_runs(int socket) noexcept {
  socket = move_out_of_the_way(socket);
  const bool is_alone = !has_other_threads();  // fork leaves them behind
  ::unsetenv("LD_BIND_NOW");                   // it was for this process
  if (serve_runs(socket) == Side::kServer) ::_exit(0);
  ::close(socket);
  if (!is_alone) begin_anew();
}

}  // namespace raddle::record
