// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

namespace raddle::cli {

// A wait for a program with an end, for who looks again and again. Time in which this process did
// not run does not count: it, or all of the machine, was stopped, and so was the program.
class Waiting {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kBetweenLooks{50};

  explicit Waiting(std::chrono::seconds most) : left_(most) {}

  // After each look. Whether there is time for another one.
  bool goes_on() {
    const Clock::time_point now = Clock::now();
    left_ -= std::min<Clock::duration>(now - last_look_, 2 * kBetweenLooks);
    last_look_ = now;
    return left_ > Clock::duration::zero();
  }

 private:
  Clock::duration left_;
  Clock::time_point last_look_ = Clock::now();
};

}  // namespace raddle::cli
