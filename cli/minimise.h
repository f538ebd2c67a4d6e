// SPDX-License-Identifier: Apache-2.0
// A schedule that shows the same failure with fewer switches: the reader has fewer to understand.
#pragma once

#include <functional>

#include "cli/schedule.h"

namespace raddle::cli {

// Runs the program along a schedule. Returns the one that came of it, if it fails in the same way.
using TrySchedule = std::function<std::optional<Schedule>(const Schedule&)>;

// At most `tries` calls. Greedy: first as much as possible is cut off the end, so that whoever runs
// then goes on; then each switch there and back is undone by letting the second part of a task
// follow at once on its first (Jalbert and Sen, FSE 2010, section 4).
Schedule minimise(const Schedule& schedule, unsigned tries, const TrySchedule& attempt);

}  // namespace raddle::cli
