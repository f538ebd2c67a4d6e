// SPDX-License-Identifier: Apache-2.0
// Threads of the runtime itself.
#pragma once

namespace raddle::sched {

// Runs run(argument) on a new thread, which never ends. False: the system refuses.
bool start_thread(void (*run)(void*), void* argument) noexcept;

}  // namespace raddle::sched
