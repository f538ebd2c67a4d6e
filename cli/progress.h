// SPDX-License-Identifier: Apache-2.0
// How far a long check is, on standard error.
#pragma once

#include <chrono>

namespace raddle::cli {

// Whether somebody looks at standard error.
bool is_watched();

// One line, which is written anew each time and is gone at the end. Not thread-safe.
class Progress {
 public:
  // `delay`: what takes no longer says nothing.
  explicit Progress(std::chrono::milliseconds delay) : begin_(Clock::now() + delay) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(double share);  // 0..1

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point begin_;
  int percent_ = -1;  // as shown; -1: nothing yet
};

}  // namespace raddle::cli
