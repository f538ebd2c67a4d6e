// SPDX-License-Identifier: Apache-2.0
// The counter that stamps events, and the clock beside it.
#pragma once

#include "trace/ticks.h"

namespace raddle::record {

using trace::Moment;
using trace::moment;
using trace::monotonic_ns;
using trace::ticks;

}  // namespace raddle::record
