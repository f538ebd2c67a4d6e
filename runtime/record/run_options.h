// SPDX-License-Identifier: Apache-2.0
// The options of this run, for what starts with it (the watchdog).
#pragma once

#include "runtime/record/options.h"

namespace raddle::record {

const Options& run_options() noexcept;

}  // namespace raddle::record
