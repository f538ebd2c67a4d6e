// SPDX-License-Identifier: Apache-2.0
// Which addresses belong to loaded programs and libraries: a test before following a pointer that
// may be stale.
#pragma once

namespace raddle::record {

bool is_in_module(const void* address) noexcept;

}  // namespace raddle::record
