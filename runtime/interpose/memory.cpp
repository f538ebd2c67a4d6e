// SPDX-License-Identifier: Apache-2.0
// The heap. operator new and delete end here too. A block of the bootstrap arena may be passed
// back.
#include <dlfcn.h>
#include <malloc.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "runtime/interpose/bootstrap.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

inline __attribute__((always_inline)) bool is_recording_memory() {
  return __builtin_expect(record::g_level.load(std::memory_order_relaxed) == record::Level::kFull,
                          0) &&
         may_record();
}

// malloc_usable_size may be asked only if it comes from where malloc comes from.
bool knows_sizes() {
  enum : int { kUnasked, kNo, kYes };
  static constinit std::atomic<int> g_answer{kUnasked};  // relaxed: always the same answer
  int answer = g_answer.load(std::memory_order_relaxed);
  if (answer == kUnasked) {
    const InRuntime in_runtime;
    Dl_info heap{};
    Dl_info sizes{};
    const bool is_same =
        dladdr(reinterpret_cast<void*>(real::g_free.load(std::memory_order_relaxed)), &heap) != 0 &&
        dladdr(reinterpret_cast<void*>(real::g_malloc_usable_size.load(std::memory_order_relaxed)),
               &sizes) != 0 &&
        heap.dli_fbase == sizes.dli_fbase;
    answer = is_same ? kYes : kNo;
    g_answer.store(answer, std::memory_order_relaxed);
  }
  return answer == kYes;
}

// A block is as long as it may be used, at its birth as at its end: else its last bytes would look
// freed when it is used again for something a little longer.
std::size_t size_of(void* block, std::size_t asked_bytes) {
  return knows_sizes() ? real::malloc_usable_size(block) : asked_bytes;
}

// While one exists, this thread is inside the allocator, which may end the program there.
class InAllocator {
 public:
  explicit InAllocator(const char* call) { t_self.allocator_call = call; }
  ~InAllocator() { t_self.allocator_call = nullptr; }
  InAllocator(const InAllocator&) = delete;
  InAllocator& operator=(const InAllocator&) = delete;
};

void* note_new(void* block, std::size_t asked_bytes) {
  if (block == nullptr) return nullptr;
  const std::size_t bytes = size_of(block, asked_bytes);
  note(Kind::kMemoryAllocate, block, static_cast<std::uint32_t>(bytes - asked_bytes), bytes);
  return block;
}

// Returns the size. Of a block that is free already it is 0, or the allocator faults as it looks
// for it: then the free is noted by whoever records the fault.
std::size_t note_free(void* block) {
  t_self.block_to_free = block;
  const std::size_t bytes = size_of(block, 0);
  t_self.block_to_free = nullptr;
  note(Kind::kMemoryFree, block, 0, bytes);
  return bytes;
}

void* move_out_of_bootstrap(void* block, std::size_t bytes) {
  void* moved = real::malloc(bytes);
  if (moved == nullptr) return nullptr;
  const std::size_t old_bytes = bootstrap::size_of(block);
  return std::memcpy(moved, block, old_bytes < bytes ? old_bytes : bytes);
}

// The old block ends before the allocator can give it away; if it stays after all, it is as new.
void* reallocate(void* block, std::size_t bytes) {
  if (block == nullptr) return note_new(real::realloc(nullptr, bytes), bytes);
  const InAllocator in_allocator("realloc()");
  const std::size_t old_bytes = note_free(block);
  void* moved = real::realloc(block, bytes);
  if (moved == nullptr && bytes != 0) {
    note_new(block, old_bytes);
    return nullptr;
  }
  return note_new(moved, bytes);
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names

RADDLE_EXPORT void* malloc(std::size_t bytes) {
  if (!is_recording_memory()) return real::malloc(bytes);
  const InAllocator in_allocator("malloc()");
  return note_new(real::malloc(bytes), bytes);
}

RADDLE_EXPORT void* calloc(std::size_t count, std::size_t each) {
  if (!is_recording_memory()) return real::calloc(count, each);
  const InAllocator in_allocator("calloc()");
  return note_new(real::calloc(count, each), count * each);
}

RADDLE_EXPORT void* realloc(void* block, std::size_t bytes) {
  if (bootstrap::owns(block)) [[unlikely]]
    return move_out_of_bootstrap(block, bytes);
  if (!is_recording_memory()) return real::realloc(block, bytes);
  return reallocate(block, bytes);
}

RADDLE_EXPORT void free(void* block) {
  if (bootstrap::owns(block)) [[unlikely]]
    return;
  if (!is_recording_memory() || block == nullptr) return real::free(block);
  const InAllocator in_allocator("free()");
  note_free(block);
  real::free(block);
}

RADDLE_EXPORT void* memalign(std::size_t alignment, std::size_t bytes) {
  if (!is_recording_memory()) return real::memalign(alignment, bytes);
  return note_new(real::memalign(alignment, bytes), bytes);
}

RADDLE_EXPORT int posix_memalign(void** block, std::size_t alignment, std::size_t bytes) {
  const int status = real::posix_memalign(block, alignment, bytes);
  if (is_recording_memory() && status == 0) note_new(*block, bytes);
  return status;
}

RADDLE_EXPORT void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  if (!is_recording_memory()) return real::aligned_alloc(alignment, bytes);
  return note_new(real::aligned_alloc(alignment, bytes), bytes);
}

RADDLE_EXPORT void* valloc(std::size_t bytes) {
  if (!is_recording_memory()) return real::valloc(bytes);
  return note_new(real::valloc(bytes), bytes);
}

RADDLE_EXPORT void* pvalloc(std::size_t bytes) {
  if (!is_recording_memory()) return real::pvalloc(bytes);
  return note_new(real::pvalloc(bytes), bytes);
}
