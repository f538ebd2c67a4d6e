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
#include <optional>

#include "cli/interrupt.h"
#include "cli/waiting.h"

namespace raddle::cli {
ServedProgram::~ServedProgram() { stop(); }

// A runner that waits for a command ends by itself when the socket closes, and the server with it.
void ServedProgram::stop() {
  if (is_one_process()) asked_ = 0;  // its server ends it when the socket closes
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

void ServedProgram::send(const char* bytes, std::size_t count) const {
  // Where the program has gone, wait() finds out.
  [[maybe_unused]] const ssize_t sent = ::send(socket_, bytes, count, MSG_NOSIGNAL);
}

Result<bool> ServedProgram::ask(const std::string& options) {
  if (is_one_process()) return ask_on_board(options);
  if (socket_ < 0) {
    if (Result<bool> started = start(); !started.ok()) return started;
  }
  send(options.data(), options.size());
  ++asked_;
  return true;
}

Result<bool> ServedProgram::ask_on_board(const std::string& options) {
  if (!board_.exists()) {
    if (Result<bool> made = board_.create(board_path_); !made.ok()) return made;
  }
  board_.ask(options);
  ++asked_;
  if (!has_process_) begin_process();
  return true;
}

// The first of the runs that are asked for and not done is the process' first.
void ServedProgram::begin_process() {
  has_process_ = true;
  board_.publish();
  const std::string command =
      std::string(board_.command(board_.asked() - asked_)) + ":board=" + board_.path().string();
  send(command.data(), command.size());
}

// Whether a packet, or what the board is to say, comes within the time, and the user wants to wait
// for it so long.
bool ServedProgram::comes_within(unsigned seconds) const {
  Waiting waiting{std::chrono::seconds(seconds)};
  pollfd reply{socket_, POLLIN, 0};
  do {
    if (board_.exists() && board_.is_done(board_.asked() - asked_)) return true;
    if (poll(&reply, 1, seconds == 0 ? 0 : Waiting::kBetweenLooks.count()) > 0) return true;
  } while (!is_interrupted() && waiting.goes_on());
  return false;
}

Result<ServedEnd> ServedProgram::wait_on_board(unsigned seconds) {
  const std::uint64_t run = board_.asked() - asked_;
  if (board_.publish()) send("", trace::kWakingBytes);
  bool is_late = false;
  std::optional<int> ended;  // the process, as waitpid() tells
  while (!ended && (is_late || !board_.is_done(run))) {
    if (!is_late) {
      board_.wait_for(run);
      is_late = runner_ != 0 && !comes_within(seconds);
      if (is_late) kill(runner_, SIGKILL);
      if (!is_late && board_.is_done(run)) break;
    }
    trace::RunReply reply;
    if (!receive(reply)) return fail();
    if (reply.state == trace::RunState::kReady) runner_ = reply.value;
    if (reply.state == trace::RunState::kEnded) ended = reply.value;
  }
  --asked_;
  ServedEnd result;
  result.has_new_trace = ended || board_.has_new_trace(run);
  if (!ended) return result;
  runner_ = 0;
  has_process_ = false;
  // A run that was done just before it was to be ended is not late, and what was ended in its place
  // is made again.
  if (!board_.is_done(run)) {
    result.end = end_of(*ended);
    result.is_late = is_late;
    board_.end_with(run);
  }
  if (asked_ != 0) begin_process();
  return result;
}

Result<ServedEnd> ServedProgram::wait(unsigned seconds) {
  if (is_one_process()) return wait_on_board(seconds);
  trace::RunReply reply;
  if (runner_ == 0) {
    if (!receive(reply) || reply.state != trace::RunState::kReady) return fail();
    runner_ = reply.value;
  }
  ServedEnd result;
  if (!receive(reply, MSG_DONTWAIT)) {  // it mostly is there
    result.is_late = !comes_within(seconds);
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
