// SPDX-License-Identifier: Apache-2.0
// What code built with -fsanitize=thread calls at its memory accesses and calls, by clang's and
// GCC's pass: linked with us in place of ThreadSanitizer's runtime, it is recorded without our
// pass. The names are theirs (compiler-rt, lib/tsan/rtl/tsan_interface.h).
#include <cstring>

#include "runtime/hooks/access.h"
#include "runtime/hooks/visible.h"
#include "runtime/record/record.h"
#include "runtime/record/shadow_stack.h"

namespace raddle::hooks {
namespace {

using record::CodeAddress;
using record::ShadowStack;

template <unsigned log2_bytes>
void note(const volatile void* address, const void* code, bool is_write) {
  if (__raddle_thread.filter == nullptr) return;
  access<log2_bytes>(const_cast<const void*>(address), CodeAddress(code), is_write);
}

void note_range(const void* address, std::uint64_t bytes, const void* code, bool is_write) {
  access_range({number_of(address), 1, 0, bytes}, CodeAddress(code), is_write);
}

}  // namespace
}  // namespace raddle::hooks

using namespace raddle;  // NOLINT(google-build-using-namespace): the hooks below are the file's
                         // point

// NOLINTBEGIN(readability-identifier-naming, bugprone-reserved-identifier): theirs
#define RADDLE_CALLER __builtin_return_address(0)

// A read-write is a write: that says all a read would.
#define RADDLE_ONE(name, log2, is_write)                        \
  extern "C" RADDLE_VISIBLE void __tsan_##name(void* address) { \
    hooks::note<log2>(address, RADDLE_CALLER, is_write);        \
  }
#define RADDLE_KINDS(prefix, bytes, log2)      \
  RADDLE_ONE(prefix##read##bytes, log2, false) \
  RADDLE_ONE(prefix##write##bytes, log2, true) \
  RADDLE_ONE(prefix##read_write##bytes, log2, true)
#define RADDLE_UNALIGNED(bytes, log2)   \
  RADDLE_KINDS(unaligned_, bytes, log2) \
  RADDLE_KINDS(unaligned_volatile_, bytes, log2)
#define RADDLE_FROM(bytes, log2)                                                       \
  extern "C" RADDLE_VISIBLE void __tsan_read##bytes##_pc(void* address, void* code) {  \
    hooks::note<log2>(address, code, false);                                           \
  }                                                                                    \
  extern "C" RADDLE_VISIBLE void __tsan_write##bytes##_pc(void* address, void* code) { \
    hooks::note<log2>(address, code, true);                                            \
  }
#define RADDLE_SIZE(bytes, log2)       \
  RADDLE_KINDS(, bytes, log2)          \
  RADDLE_KINDS(volatile_, bytes, log2) \
  RADDLE_FROM(bytes, log2)

RADDLE_SIZE(1, 0)
RADDLE_SIZE(2, 1)
RADDLE_SIZE(4, 2)
RADDLE_SIZE(8, 3)
RADDLE_SIZE(16, 4)
RADDLE_UNALIGNED(2, 1)
RADDLE_UNALIGNED(4, 2)
RADDLE_UNALIGNED(8, 3)
RADDLE_UNALIGNED(16, 4)

extern "C" {

RADDLE_VISIBLE void __tsan_init() {}

RADDLE_VISIBLE void __tsan_read_range(void* address, unsigned long bytes) {
  hooks::note_range(address, bytes, RADDLE_CALLER, false);
}
RADDLE_VISIBLE void __tsan_write_range(void* address, unsigned long bytes) {
  hooks::note_range(address, bytes, RADDLE_CALLER, true);
}
RADDLE_VISIBLE void __tsan_read_range_pc(void* address, unsigned long bytes, void* code) {
  hooks::note_range(address, bytes, code, false);
}
RADDLE_VISIBLE void __tsan_write_range_pc(void* address, unsigned long bytes, void* code) {
  hooks::note_range(address, bytes, code, true);
}

RADDLE_VISIBLE void* __tsan_memcpy(void* to, const void* from, std::size_t bytes) {
  hooks::note_range(from, bytes, RADDLE_CALLER, false);
  hooks::note_range(to, bytes, RADDLE_CALLER, true);
  return std::memcpy(to, from, bytes);
}
RADDLE_VISIBLE void* __tsan_memmove(void* to, const void* from, std::size_t bytes) {
  hooks::note_range(from, bytes, RADDLE_CALLER, false);
  hooks::note_range(to, bytes, RADDLE_CALLER, true);
  return std::memmove(to, from, bytes);
}
RADDLE_VISIBLE void* __tsan_memset(void* to, int value, std::size_t bytes) {
  hooks::note_range(to, bytes, RADDLE_CALLER, true);
  return std::memset(to, value, bytes);
}

// A destructor writes the table that is there already, unless a derived class's was:
// ThreadSanitizer calls that no write.
RADDLE_VISIBLE void __tsan_vptr_update(void** place, void* table) {
  if (*place != table) hooks::note<3>(place, RADDLE_CALLER, true);
}
RADDLE_VISIBLE void __tsan_vptr_read(void** place) { hooks::note<3>(place, RADDLE_CALLER, false); }

RADDLE_VISIBLE void __tsan_func_entry(void* code) {
  if (!record::is_on()) return;
  if (auto* calls = record::ShadowStack::own(); calls != nullptr) {
    calls->enter(record::CodeAddress(code),
                 reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)));
  }
}
RADDLE_VISIBLE void __tsan_func_exit() {
  if (auto* calls = record::ShadowStack::own_if_any(); calls != nullptr) calls->leave();
}

RADDLE_VISIBLE void __tsan_ignore_thread_begin() { record::begin_ignoring(); }
RADDLE_VISIBLE void __tsan_ignore_thread_end() { record::end_ignoring(); }

}  // extern "C"
// NOLINTEND(readability-identifier-naming, bugprone-reserved-identifier)
