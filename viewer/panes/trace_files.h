// SPDX-License-Identifier: Apache-2.0
// Traces that the user may want to open next.
#pragma once

#include <string>
#include <vector>

namespace raddle::viewer {

// The other files of `trace`'s folder that are named as traces are, newest first.
std::vector<std::string> traces_near(const std::string& trace);

}  // namespace raddle::viewer
