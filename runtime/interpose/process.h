// SPDX-License-Identifier: Apache-2.0
// This process as the kernel sees it: what /proc says of its threads and its memory.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace raddle::interpose {

struct Tasks {
  std::size_t asleep = 0;  // until something wakes them
  std::size_t dead = 0;    // main, after pthread_exit
  std::size_t others = 0;  // running, in I/O, stopped, or not to be told
};

// Counts the threads except `own`; false when the kernel does not tell.
bool count_tasks(pid_t own, Tasks& tasks) noexcept;

// Whether a thread is blocked on something that another process can reach; true also when the
// kernel does not tell.
bool waits_in_shared_memory() noexcept;

}  // namespace raddle::interpose
