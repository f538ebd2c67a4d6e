// SPDX-License-Identifier: Apache-2.0
// What is being thrown, in words.
#pragma once

#include <cstddef>

namespace raddle::record {

// "TYPE: what()" of the exception that is handled now, or TYPE alone, or that there is none; at
// most `bytes`, the final 0 included. From a terminate handler.
void describe_exception(char* text, std::size_t bytes) noexcept;

}  // namespace raddle::record
