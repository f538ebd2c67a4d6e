// SPDX-License-Identifier: Apache-2.0
// Places of code that has no Sites: where it was built by somebody else, an address is all there
// is. The trace names such a place by its module and offset, and its reader looks it up there.
#pragma once

#include <cstdint>

#include "runtime/record/thread_recorder.h"

namespace raddle::record {

// A return address: of the instruction behind the one that is meant.
struct CodeAddress {
  std::uintptr_t value = 0;
  CodeAddress() = default;
  explicit CodeAddress(const void* address) : value(reinterpret_cast<std::uintptr_t>(address)) {}
};

// None has been used yet. In the child of a fork.
void forget_addresses() noexcept;

// 0: in the C library, in raddle itself, or in no module; or there are too many.
trace::SiteId site_id(ThreadRecorder& recorder, CodeAddress code) noexcept;

}  // namespace raddle::record
