// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace raddle::record {

// Whether the process has more threads than the caller: before main, those of libraries. True if
// the system does not tell.
bool has_other_threads() noexcept;

}  // namespace raddle::record
