// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace raddle::record {

// Of the executable: of its size and its first and last bytes, which hold the build id and the
// symbols. Looked at once in a process and its forks.
std::uint64_t program_fingerprint() noexcept;

}  // namespace raddle::record
