// SPDX-License-Identifier: Apache-2.0
// A stretch of a run's time.
#pragma once

#include <cstdint>

namespace raddle {

struct Stretch {
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = -1;  // before the begin: empty

  bool is_empty() const { return end_ns < begin_ns; }
};

}  // namespace raddle
