// SPDX-License-Identifier: Apache-2.0
// Threads of the runtime itself.
#pragma once

namespace raddle::sched {

// Runs run(argument) on a new thread, which never ends. Ends the process with a message when the
// system refuses.
void start_thread(void (*run)(void*), void* argument) noexcept;

}  // namespace raddle::sched
