// SPDX-License-Identifier: Apache-2.0
// The first thread, which nobody creates.
#pragma once

namespace raddle::interpose {

// Called on it once, when recording has begun.
void begin_main_thread() noexcept;

}  // namespace raddle::interpose
