// SPDX-License-Identifier: Apache-2.0
// Where the `raddle` command is that belongs to this library.
#pragma once

#include <cstddef>

namespace raddle::record {

// RADDLE_COMMAND, if it is set; else in bin beside the folder of this library; else in PATH. False,
// with what was looked for in `path`: there is none that can be executed. Allocates nothing.
bool find_command(char* path, std::size_t bytes) noexcept;

}  // namespace raddle::record
