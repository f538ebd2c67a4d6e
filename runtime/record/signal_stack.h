// SPDX-License-Identifier: Apache-2.0
// A stack for handlers of signals: that the stack of main or of a thread is used up can be told
// from another one only.
#pragma once

namespace raddle::record {

struct ThreadRecorder;

// To this thread, while it has none of its own.
void lend_signal_stack(ThreadRecorder& recorder) noexcept;
// False: the thread runs on it, and the recorder's memory must stay.
bool take_signal_stack_back(ThreadRecorder& recorder) noexcept;

}  // namespace raddle::record
