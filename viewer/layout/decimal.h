// SPDX-License-Identifier: Apache-2.0
// Decimal numbers as users type them.
#pragma once

#include <cstddef>
#include <string_view>

namespace raddle::viewer {

// Reads the decimal number that `text` begins with ("12.5ms": 12.5) and returns how many characters
// it has; 0 if there is none. No std::from_chars: not every library has it for double.
std::size_t parse_decimal(std::string_view text, double& value);

}  // namespace raddle::viewer
