// SPDX-License-Identifier: Apache-2.0
// Runs a RaceCheck, in the caller's thread or in one of its own.
#pragma once

#include <vector>

#include "analyzer/detect/access_log.h"
#include "analyzer/detect/conveyor.h"
#include "analyzer/detect/race_check.h"

namespace raddle::detect {

class RaceWorker {
 public:
  explicit RaceWorker(bool has_thread)
      : logs_([this](const AccessLog& log) { check_.run(log); }, has_thread) {}

  // To be filled; the caller's until submit().
  AccessLog& log() { return logs_.load(); }
  // Has the log checked, behind those before it, and gives a new one. Waits if too many wait.
  void submit() { logs_.submit(); }
  // The races of what was submitted. Without a thread.
  const std::vector<Race>& checked() const { return check_.races(); }
  // Behind finish(): forgets all. Without a thread.
  void begin_again() { check_.begin_again(); }
  RaceCheck& check() { return check_; }
  // Submits, and waits until all is checked.
  const std::vector<Race>& finish() {
    logs_.finish();
    return check_.races();
  }

 private:
  RaceCheck check_;  // the thread's, while there is one
  Conveyor<AccessLog> logs_;
};

}  // namespace raddle::detect
