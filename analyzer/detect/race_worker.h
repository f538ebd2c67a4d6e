// SPDX-License-Identifier: Apache-2.0
// Runs a RaceCheck, in the caller's thread or in one of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "analyzer/detect/access_log.h"
#include "analyzer/detect/race_check.h"

namespace raddle::detect {

class RaceWorker {
 public:
  explicit RaceWorker(bool has_thread);
  ~RaceWorker();  // drops what is not yet checked
  RaceWorker(const RaceWorker&) = delete;
  RaceWorker& operator=(const RaceWorker&) = delete;

  // To be filled; the caller's until submit().
  AccessLog& log() { return *log_; }
  // Has the log checked, behind those before it, and gives a new one. Waits if too many wait.
  void submit();
  // Submits, and waits until all is checked.
  const std::vector<Race>& finish();

 private:
  static constexpr std::size_t kMostWaiting = 8;
  using Log = std::unique_ptr<AccessLog>;
  void run();
  void stop();

  RaceCheck check_;  // the thread's, while there is one
  Log log_;
  std::mutex mutex_;  // guards what is below
  std::condition_variable changed_;
  std::deque<Log> waiting_;
  std::vector<Log> spare_;
  bool is_last_ = false;
  std::thread thread_;
};

}  // namespace raddle::detect
