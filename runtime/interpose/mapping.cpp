// SPDX-License-Identifier: Apache-2.0
// mmap and its kin: an address that comes back is new memory, whoever used it before.
#include <sys/mman.h>

#include <cstdarg>

#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

bool is_recording_memory() {
  return record::g_level.load(std::memory_order_relaxed) == record::Level::kFull && may_record();
}

void* note_mapped(void* at, std::size_t bytes) {
  if (at != MAP_FAILED) note(Kind::kMemoryAllocate, at, 0, bytes);
  return at;
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

RADDLE_EXPORT void* mmap(void* at, std::size_t bytes, int protection, int flags, int fd,
                         off_t offset) {
  if (!is_recording_memory()) return real::mmap(at, bytes, protection, flags, fd, offset);
  return note_mapped(real::mmap(at, bytes, protection, flags, fd, offset), bytes);
}

RADDLE_EXPORT void* mmap64(void* at, std::size_t bytes, int protection, int flags, int fd,
                           off64_t offset) {
  if (!is_recording_memory()) return real::mmap64(at, bytes, protection, flags, fd, offset);
  return note_mapped(real::mmap64(at, bytes, protection, flags, fd, offset), bytes);
}

// Not checked as an access: allocators unmap what others gave back, ordered by means of their own.
RADDLE_EXPORT int munmap(void* at, std::size_t bytes) {
  if (is_recording_memory()) note(Kind::kMemoryUnmap, at, 0, bytes);
  return real::munmap(at, bytes);
}

RADDLE_EXPORT void* mremap(void* old_at, std::size_t old_bytes, std::size_t bytes, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  void* at = (flags & MREMAP_FIXED) != 0 ? va_arg(rest, void*) : nullptr;
  va_end(rest);
  if (!is_recording_memory()) return real::mremap(old_at, old_bytes, bytes, flags, at);
  note(Kind::kMemoryUnmap, old_at, 0, old_bytes);
  return note_mapped(real::mremap(old_at, old_bytes, bytes, flags, at), bytes);
}
