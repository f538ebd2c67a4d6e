// SPDX-License-Identifier: Apache-2.0
// A program that is started once and then makes many runs: a child of it for each, so that what the
// loader does is done once, or many runs in one child (runtime/record/run_server.h).
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli/child.h"
#include "cli/run_board.h"
#include "trace/run_server.h"

namespace raddle::cli {

struct ServedEnd {
  ChildEnd end;
  bool is_late = false;       // it took longer than it may, and was killed
  bool has_new_trace = true;  // as in trace::RunBoard
};

// To be used by one thread at a time.
class ServedProgram {
 public:
  explicit ServedProgram(std::vector<std::string> words) : words_(std::move(words)) {}
  // One that has been started, waits at the other end of the socket and makes its runs in one
  // process. `board`: where its board may lie. The words are for messages.
  ServedProgram(int socket, std::filesystem::path board, std::vector<std::string> words)
      : words_(std::move(words)), socket_(socket), board_path_(std::move(board)) {}
  ~ServedProgram();
  ServedProgram(const ServedProgram&) = delete;
  ServedProgram& operator=(const ServedProgram&) = delete;

  // Whether it makes its runs in one process, in files that it uses again.
  bool is_one_process() const { return !board_path_.empty(); }

  // Asks for a run with RADDLE_OPTIONS = `options`. Several may be asked for; they are made one
  // after the other. Fails if the program cannot be started.
  Result<bool> ask(const std::string& options);
  // Waits for the end of the first run that was asked for and not waited for. Fails if the program
  // was built without raddle's flag; the next call of ask() starts it again.
  Result<ServedEnd> wait(unsigned seconds);

 private:
  Result<bool> start();
  Result<ServedEnd> fail();
  bool receive(trace::RunReply& reply, int flags = 0) const;
  void stop();
  void send(const char* bytes, std::size_t count) const;
  Result<bool> ask_on_board(const std::string& options);
  Result<ServedEnd> wait_on_board(unsigned seconds);
  void begin_process();
  bool comes_within(unsigned seconds) const;

  std::vector<std::string> words_;
  int socket_ = -1;
  std::filesystem::path board_path_;  // empty: each run has a process
  RunBoard board_;
  bool has_process_ = false;  // that has got its first command, for runs on the board
  std::size_t asked_ = 0;     // runs that were not waited for
  pid_t server_ = 0;          // 0: not ours
  pid_t runner_ = 0;          // that waits for a command; 0: not told yet
};

}  // namespace raddle::cli
