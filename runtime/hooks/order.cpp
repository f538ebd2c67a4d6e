// SPDX-License-Identifier: Apache-2.0
// What libraries without hooks order, and the memory that they hand out, as compiled code tells it.
#include <cstdint>

#include "runtime/hooks/visible.h"
#include "runtime/record/record.h"

namespace {

using raddle::trace::Kind;

void note(Kind kind, const void* address, std::uint64_t value = 0) {
  raddle::record::event({.kind = kind, .object = raddle::record::id_of(address), .value = value});
}

bool is_recording_memory() {
  return raddle::record::g_level.load(std::memory_order_relaxed) == raddle::record::Level::kFull;
}

}  // namespace

extern "C" {

RADDLE_VISIBLE void __raddle_acquire(const void* address) {
  if (address != nullptr && raddle::record::is_on()) note(Kind::kAcquireAddress, address);
}

RADDLE_VISIBLE void __raddle_release(const void* address) {
  if (address != nullptr && raddle::record::is_on()) note(Kind::kReleaseAddress, address);
}

RADDLE_VISIBLE void __raddle_new_memory(const void* address, std::uint64_t bytes) {
  if (address != nullptr && is_recording_memory()) note(Kind::kMemoryAllocate, address, bytes);
}

// Not a free: the library's pool, which nobody sees, may look at it.
RADDLE_VISIBLE void __raddle_old_memory(const void* address, std::uint64_t bytes) {
  if (address != nullptr && is_recording_memory()) note(Kind::kStackEnd, address, bytes);
}

}  // extern "C"
