// SPDX-License-Identifier: Apache-2.0
// The violent end of a program: recorded once, whichever way it is seen first.
#pragma once

namespace raddle::interpose::panic {

// Takes std::terminate.
void begin() noexcept;
// Records it and finishes the trace. Async-signal-safe as far as the recorder is.
void by_signal(int number, const char* message) noexcept;

}  // namespace raddle::interpose::panic
