// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "trace/format.h"

namespace raddle::record {

// Says which program this is, as which process, and since when; the magic, which makes it a trace,
// comes last.
void fill_header(trace::FileHeader& header, std::uint32_t chunk_bytes,
                 std::uint32_t level) noexcept;

}  // namespace raddle::record
