// SPDX-License-Identifier: Apache-2.0
// What the kernel says a thread of this process is doing.
#pragma once

namespace raddle::record {

// The letter of /proc/self/task/TID/stat: R runs or could, S and D are blocked in the kernel, Z and
// X have ended. 0: not to be told.
char thread_state(int tid) noexcept;

}  // namespace raddle::record
