// SPDX-License-Identifier: Apache-2.0
// A program that is started once and then makes many runs: a child of it for each, so that what the
// loader does is done once, or many runs in one child (runtime/record/run_server.h).
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "cli/child.h"
#include "trace/run_server.h"

namespace raddle::cli {

struct ServedEnd {
  ChildEnd end;
  bool is_late = false;  // it took longer than it may, and was killed
};

// To be used by one thread at a time.
class ServedProgram {
 public:
  explicit ServedProgram(std::vector<std::string> words) : words_(std::move(words)) {}
  // One that has been started and waits at the other end of the socket; its words are for messages.
  ServedProgram(int socket, std::vector<std::string> words)
      : words_(std::move(words)), socket_(socket), is_one_process_(true) {}
  ~ServedProgram();
  ServedProgram(const ServedProgram&) = delete;
  ServedProgram& operator=(const ServedProgram&) = delete;

  // Whether it makes its runs in one process, in files that it uses again.
  bool is_one_process() const { return is_one_process_; }

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

  std::vector<std::string> words_;
  int socket_ = -1;
  bool is_one_process_ = false;
  std::size_t asked_ = 0;  // runs that were not waited for
  pid_t server_ = 0;       // 0: not ours
  pid_t runner_ = 0;       // that waits for a command; 0: not told yet
};

}  // namespace raddle::cli
