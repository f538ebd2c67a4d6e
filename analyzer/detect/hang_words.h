// SPDX-License-Identifier: Apache-2.0
// What those say who wait inside the C++ library, in a latch or a barrier, say: the frames of their
// waits name its class, though a trace only has the address of a word.
#pragma once

#include <string_view>

#include "analyzer/model/finding.h"

namespace raddle::detect {

// Says it in each such party: "waits for the std::latch", with its name behind if that is known.
void tell_library_waits(Finding& finding, const Run& run);
// What to do about such waits, before they are told; empty unless all who do not wait for another's
// end wait for the same.
std::string_view hint_for_library_waits(const Finding& finding, const Run& run);

}  // namespace raddle::detect
