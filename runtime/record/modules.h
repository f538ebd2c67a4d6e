// SPDX-License-Identifier: Apache-2.0
// Which addresses belong to loaded programs and libraries: a test before following a pointer that
// may be stale.
#pragma once

#include <cstddef>
#include <cstdint>

namespace raddle::record {

// In the child of a fork: another thread of the parent may have been looking.
void forget_modules() noexcept;

bool is_in_module(const void* address) noexcept;

// The file behind a code address, and what lies between addresses there and here. False: none.
bool find_module(std::uintptr_t address, char* path, std::size_t path_bytes,
                 std::uintptr_t& bias) noexcept;

}  // namespace raddle::record
