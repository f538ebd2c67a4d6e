// SPDX-License-Identifier: Apache-2.0
// Who could have ended an endless wait, and when it was last there.
#pragma once

#include <cstdint>

#include "analyzer/model/finding.h"

namespace raddle::viewer {

struct Partner {
  TaskId task = 0;  // 0: nobody else was ever seen
  std::int64_t last_ns = 0;
};

// Of a leak or a lost wake-up: the other task that used last what the first party waits for; where
// none did, who made it. Of other findings, and where that task is a party itself: nobody. Looks at
// every task's moments from the last one backwards.
Partner partner_of(const Run& run, const Finding& finding);

}  // namespace raddle::viewer
