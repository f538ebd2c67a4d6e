// SPDX-License-Identifier: Apache-2.0
// Runs the user's program and waits for it, with the terminal's signals going to it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "trace/result.h"

namespace raddle::cli {

struct ChildEnd {
  int status = 0;  // the exit status, or 128 + the signal, as a shell counts
  int signal = 0;  // that killed it; 0: none
};

// Starts words[0], searched in PATH, with `words` as its arguments and RADDLE_OPTIONS = `options`,
// and waits for its end. Meanwhile interrupts from the terminal are the child's alone; a SIGTERM to
// us is passed on. Fails if the program cannot be started. `meanwhile`, if it is not empty, is
// called once it runs.
Result<ChildEnd> run_child(std::vector<std::string> words, const std::string& options,
                           const std::function<void(pid_t)>& meanwhile = {});

// Ends a child that runs for too long: for run_child's `meanwhile`.
class TimeLimit {
 public:
  explicit TimeLimit(unsigned seconds) : seconds_(seconds) {}  // 0: it may run as long as it does
  ~TimeLimit() { wait(); }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

  void watch(pid_t child);
  // Once the child has ended. Whether it was made to.
  bool was_reached();

 private:
  void wait() {
    if (watcher_.joinable()) watcher_.join();
  }

  unsigned seconds_;
  bool was_reached_ = false;  // the watcher's, until it has ended
  std::thread watcher_;
};

// Starts words[0], searched in PATH, with RADDLE_OPTIONS = `options` and without input and output.
// It has the descriptor `kept` of ours, if that is not -1. Returns an error number; 0: `child`
// runs, and is the caller's to wait for.
int start_silently(std::vector<std::string> words, const std::string& options, pid_t& child,
                   int kept = -1);

// What waitpid() tells, in our words.
ChildEnd end_of(int raw_status);

// Waits for a child of this process, however it ends.
ChildEnd wait_for(pid_t child);

// For the user: exec gave this error number for `program`.
std::string why_not_started(const std::string& program, int error);

}  // namespace raddle::cli
