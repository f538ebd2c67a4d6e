// SPDX-License-Identifier: Apache-2.0
#include "cli/served_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "cli/interrupt.h"

namespace raddle::cli {
namespace {

// False: nothing has, or the user does not want to wait for it any longer.
bool comes_within(int socket, unsigned seconds) {
  using std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kBetweenLooks{50};
  const auto end = steady_clock::now() + std::chrono::seconds(seconds);
  pollfd reply{socket, POLLIN, 0};
  int got = 0;
  do {
    got = poll(&reply, 1, seconds == 0 ? 0 : static_cast<int>(kBetweenLooks.count()));
  } while (got <= 0 && !is_interrupted() && steady_clock::now() < end);
  return got > 0;
}

}  // namespace

ServedProgram::~ServedProgram() { stop(); }

// A runner that waits for a command ends by itself when the socket closes, and the server with it.
void ServedProgram::stop() {
  while (socket_ >= 0 && asked_ > 0) static_cast<void>(wait(0));
  if (socket_ < 0) return;
  close(socket_);
  socket_ = -1;
  runner_ = 0;
  if (server_ != 0) wait_for(server_);
}

Result<bool> ServedProgram::start() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return Error{std::string("socketpair: ") + std::strerror(errno)};
  }
  // Everything is bound once, instead of by each run anew.
  setenv("LD_BIND_NOW", "1", 1);
  const int error = start_silently(words_, "server=" + std::to_string(ends[1]), server_, ends[1]);
  unsetenv("LD_BIND_NOW");
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    return Error{why_not_started(words_.front(), error)};
  }
  socket_ = ends[0];
  return true;
}

bool ServedProgram::receive(trace::RunReply& reply, int flags) const {
  ssize_t got = 0;
  do {
    got = recv(socket_, &reply, sizeof reply, flags);
  } while (got < 0 && errno == EINTR);
  return got == sizeof reply;
}

Result<ServedEnd> ServedProgram::fail() {
  asked_ = 0;
  stop();
  return Error{words_.front() +
               " left no trace: it was built without raddle's flag, or does not start"};
}

Result<bool> ServedProgram::ask(const std::string& options) {
  if (socket_ < 0) {
    if (Result<bool> started = start(); !started.ok()) return started;
  }
  // Where the program has gone, wait() finds out.
  [[maybe_unused]] const ssize_t sent = send(socket_, options.data(), options.size(), MSG_NOSIGNAL);
  ++asked_;
  return true;
}

Result<ServedEnd> ServedProgram::wait(unsigned seconds) {
  trace::RunReply reply;
  if (runner_ == 0) {
    if (!receive(reply) || reply.state != trace::RunState::kReady) return fail();
    runner_ = reply.value;
  }
  ServedEnd result;
  if (!receive(reply, MSG_DONTWAIT)) {  // it mostly is there
    result.is_late = !comes_within(socket_, seconds);
    if (result.is_late) kill(runner_, SIGKILL);
    if (!receive(reply)) return fail();
  }
  --asked_;
  if (reply.state == trace::RunState::kEnded) {
    runner_ = 0;
    result.end = end_of(reply.value);
  }
  return result;
}

}  // namespace raddle::cli
