// SPDX-License-Identifier: Apache-2.0
// A tiny allocator for the look-up of the real one: dlsym itself may allocate. Never reuses.
#pragma once

#include <cstddef>

namespace raddle::interpose::bootstrap {

// Zeroed memory, aligned to 16 bytes, or null when the arena is used up.
void* allocate(std::size_t bytes) noexcept;
bool owns(const void* block) noexcept;
std::size_t size_of(const void* block) noexcept;

}  // namespace raddle::interpose::bootstrap
