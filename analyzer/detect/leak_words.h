// SPDX-License-Identifier: Apache-2.0
// What to do about a task that waits for ever.
#pragma once

#include <string_view>

#include "trace/event.h"

namespace raddle::detect {

// One line for a wait of this kind; empty where none is known.
std::string_view hint_for_wait(trace::Kind kind);

}  // namespace raddle::detect
