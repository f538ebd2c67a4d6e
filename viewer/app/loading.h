// SPDX-License-Identifier: Apache-2.0
// A trace that is checked in the background while the window is open already.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "analyzer/analyze.h"
#include "viewer/panes/progress.h"

namespace raddle::viewer {

// All members but the constructor's thread are for one thread.
class Loading {
 public:
  explicit Loading(const std::string& trace);

  // How far it is, and what the run looks like up to there.
  Progress progress() const;
  // What there is before the end, once.
  std::optional<Early> take_early();
  bool is_done() const { return is_done_.load(std::memory_order_acquire); }
  // Waits for the end. Once only.
  Result<Analysis> take();

 private:
  void see(double share, const Run& so_far);

  const std::string trace_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;  // guards so_far_ and early_
  Progress so_far_;
  std::optional<Early> early_;
  std::size_t filled_ = 0;  // the building thread's: columns of so_far_ that are known
  std::chrono::steady_clock::time_point next_look_;  // the same thread's
  std::atomic<bool> is_done_ = false;                // released behind the write of analysis_
  std::optional<Result<Analysis>> analysis_;         // the thread's until is_done_
  std::jthread thread_;
};

}  // namespace raddle::viewer
