// SPDX-License-Identifier: Apache-2.0
// Who holds an OpenMP lock. The runtime tells of a release when it is done, so that whoever takes
// the lock next may be heard of before: it has to wait for the other to be told.
#pragma once

#include <cstdint>

namespace raddle::interpose::openmp {

// The caller has the lock. Returns once the release before it has been recorded; but never waits
// long, nor ever again for a lock of which a release was not told.
void begin_holding(std::uint64_t lock) noexcept;
// The caller had it, and has recorded that it gave it up.
void end_holding(std::uint64_t lock) noexcept;

}  // namespace raddle::interpose::openmp
