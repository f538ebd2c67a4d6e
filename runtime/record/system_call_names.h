// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace raddle::record {

using CallNumber = char[32];
// The system call in which this thread of ours sleeps: "read"; empty: it goes on meanwhile. `text`:
// where a name is written that is not known beforehand.
std::string_view system_call_of(int tid, CallNumber& text) noexcept;

}  // namespace raddle::record
