// SPDX-License-Identifier: Apache-2.0
// A trace file of any number of tasks, made up.
#pragma once

#include <cstddef>
#include <filesystem>

#include "bench/viewer/large_trace.h"

namespace raddle::bench {

// `task_count` tasks of one function on two workers, a thousand alive at a time: each starts,
// sleeps, locks a mutex, and ends. The last two end in a deadlock. The same arguments give the same
// file. Holds the file in memory while it is made.
LargeTrace write_task_trace(const std::filesystem::path& path, std::size_t task_count);

}  // namespace raddle::bench
