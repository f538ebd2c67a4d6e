// SPDX-License-Identifier: Apache-2.0
// How many tasks wait for an object, over time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "analyzer/model/run.h"

namespace raddle::viewer {

struct WaitStep {
  std::int64_t time_ns = 0;
  std::uint32_t waiters = 0;  // from now on
};

// Refers to the run, which must outlive it and stay as it is. Keeps what it counted.
class ObjectWaits {
 public:
  // A search through all spans of a larger run would stop the screen: it has no waits.
  static constexpr std::size_t kMostSpans = 4'000'000;

  explicit ObjectWaits(const Run& run);
  // By time; times differ. Empty if nobody ever waited.
  const std::vector<WaitStep>& of(ObjectId object);

 private:
  const Run& run_;
  bool is_small_ = true;
  std::map<ObjectId, std::vector<WaitStep>> known_;
};

}  // namespace raddle::viewer
