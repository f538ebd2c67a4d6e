// SPDX-License-Identifier: Apache-2.0
// One line to the user on standard error.
#pragma once

#include <string_view>

namespace raddle::cli {

// Prints "raddle: `text`".
void say(std::string_view text);

// The same, and returns the exit status of bad input.
int fail(std::string_view text);

}  // namespace raddle::cli
