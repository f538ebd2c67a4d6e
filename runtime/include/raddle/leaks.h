// SPDX-License-Identifier: Apache-2.0
// Tasks that nobody can wake any more, found while the program goes on.
#pragma once

#include <string>

#include "raddle/detail/api.h"

namespace raddle {

/// Looks for tasks of this program that wait for something which nobody can use any more to wake
/// them, and returns a report of them, as `raddle leaks` prints it; empty: there are none. At the
/// end of a test: EXPECT_EQ(raddle::find_leaks(), "").
///
/// Tasks that have not come to their wait yet are not among them. All threads stand still for some
/// milliseconds. Throws std::runtime_error if the `raddle` command is not found, or may not look at
/// this process. May be called by a task, whose worker does something else meanwhile, or by a
/// thread.
RADDLE_API std::string find_leaks();

}  // namespace raddle
