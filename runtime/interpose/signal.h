// SPDX-License-Identifier: Apache-2.0
// Fatal signals and uncaught exceptions.
#pragma once

namespace raddle::interpose {

// Takes the fatal signals that nobody handles, and std::terminate.
void begin_signals() noexcept;

}  // namespace raddle::interpose
