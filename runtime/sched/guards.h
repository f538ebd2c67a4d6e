// SPDX-License-Identifier: Apache-2.0
// Guards below stacks, and memory of many stacks got and given back by few calls of the system.
#pragma once

#include <cstddef>

namespace raddle::sched {

inline constexpr std::size_t kBatch = 128;  // most stacks in one call

// Memory that costs nothing until it is touched. Null: the system has no more addresses for it.
void* map_lazily(std::size_t bytes) noexcept;

// `count` new stacks of `bytes` each, one after the other: below each a guard, in each the highest
// page touched already if they are many. Without a guard an overflow goes unnoticed; beyond what
// the system allows that is better than no task, and said once on standard error.
void prepare_stacks(char* low, std::size_t bytes, std::size_t count) noexcept;

// Gives back the memory of these, but not their guards.
void release_memory(void* const* stacks, std::size_t bytes, std::size_t count) noexcept;

}  // namespace raddle::sched
