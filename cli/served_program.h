// SPDX-License-Identifier: Apache-2.0
// A program that is started once and then makes many runs: a child of it for each, so that what the
// loader does is done once (runtime/record/run_server.h).
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
  ~ServedProgram();
  ServedProgram(const ServedProgram&) = delete;
  ServedProgram& operator=(const ServedProgram&) = delete;

  // One run with RADDLE_OPTIONS = `options`. Fails if the program cannot be started or was built
  // without raddle's flag; the next call tries again.
  Result<ServedEnd> run(const std::string& options, unsigned seconds);

 private:
  Result<int> start();
  bool receive(trace::RunReply& reply) const;
  void stop();

  std::vector<std::string> words_;
  int socket_ = -1;
  pid_t server_ = 0;
  pid_t runner_ = 0;  // that waits for a command; 0: not told yet
};

}  // namespace raddle::cli
