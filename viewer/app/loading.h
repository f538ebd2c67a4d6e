// SPDX-License-Identifier: Apache-2.0
// A trace that is checked in the background while the window is open already.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <thread>

#include "analyzer/analyze.h"

namespace raddle::viewer {

// All members but the constructor's thread are for one thread.
class Loading {
 public:
  explicit Loading(const std::string& trace);

  double share() const { return share_.load(std::memory_order_relaxed); }  // a hint, no order
  bool is_done() const { return is_done_.load(std::memory_order_acquire); }
  // Waits for the end. Once only.
  Result<Analysis> take();

 private:
  std::atomic<double> share_ = 0;
  std::atomic<bool> is_done_ = false;         // released behind the write of analysis_
  std::optional<Result<Analysis>> analysis_;  // the thread's until is_done_
  std::jthread thread_;
};

}  // namespace raddle::viewer
