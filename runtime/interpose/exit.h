// SPDX-License-Identifier: Apache-2.0
// The end of the process.
#pragma once

namespace raddle::interpose {

// Remembers whose trace this is: a child made by fork or vfork must not finish it.
void remember_process() noexcept;
bool is_recorded_process() noexcept;
// The very end, after static destructors and atexit handlers. As record::finish().
int finish_exited() noexcept;

}  // namespace raddle::interpose
