// SPDX-License-Identifier: Apache-2.0
// Workers whose task has blocked their thread: another one runs in their place until they are back.
#pragma once

#include <cstdint>

#include "runtime/sched/worker.h"

namespace raddle::sched {

// Puts another worker in the place of this one, whose thread was seen blocked in the kernel after
// it had run `ticks` tasks. False: it has moved since, or is away already. Called by any thread.
bool replace_if_still(Worker* worker, std::uint32_t ticks) noexcept;

// Of this worker, where it decides what to run next: it counts again. There may be one too many
// now.
void come_back(Worker* worker) noexcept;

}  // namespace raddle::sched
