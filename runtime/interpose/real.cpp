// SPDX-License-Identifier: Apache-2.0
#include "runtime/interpose/real.h"

#include <dlfcn.h>

#include <cerrno>
#include <cstring>
#include <type_traits>

#include "runtime/interpose/bootstrap.h"

namespace raddle::interpose::real {
namespace {

__thread unsigned t_resolving;

void* find(const char* name, const char* version) {
  void* found = version != nullptr ? dlvsym(RTLD_NEXT, name, version) : nullptr;
  return found != nullptr ? found : dlsym(RTLD_NEXT, name);
}

// Stands in for a function that this C library does not have.
template <typename R>
R absent() {
  if constexpr (std::is_same_v<R, int>) {
    return ENOSYS;
  } else if constexpr (!std::is_void_v<R>) {
    errno = ENOSYS;
    return R{};
  }
}

#define RADDLE_REAL(result, name, parameters, arguments, version)  \
  struct Tag_##name {                                              \
    using Function = result parameters;                            \
    static result stand_in parameters { return absent<result>(); } \
  };
#include "runtime/interpose/real.def"
#undef RADDLE_REAL

// What may be called while the look-up is under way: only memory is asked for then.
template <typename Tag>
typename Tag::Function* early(Tag) {
  return &Tag::stand_in;
}
void* early_malloc(std::size_t bytes) { return bootstrap::allocate(bytes); }
void* early_calloc(std::size_t count, std::size_t bytes) {
  return bootstrap::allocate(count * bytes);
}
void* early_realloc(void* block, std::size_t bytes) {
  void* moved = bootstrap::allocate(bytes);
  if (moved != nullptr && block != nullptr && bootstrap::owns(block)) {
    const std::size_t old_bytes = bootstrap::size_of(block);
    std::memcpy(moved, block, old_bytes < bytes ? old_bytes : bytes);
  }
  return moved;
}
auto early(Tag_malloc) { return &early_malloc; }
auto early(Tag_calloc) { return &early_calloc; }
auto early(Tag_realloc) { return &early_realloc; }

// What a pointer leads to before the look-up.
#define RADDLE_REAL(result, name, parameters, arguments, version) \
  result first_##name parameters {                                \
    if (t_resolving != 0) return early(Tag_##name{}) arguments;   \
    resolve();                                                    \
    return real::name arguments;                                  \
  }
#include "runtime/interpose/real.def"
#undef RADDLE_REAL

}  // namespace

bool is_resolving() noexcept { return t_resolving != 0; }

#define RADDLE_REAL(result, name, parameters, arguments, version) \
  constinit std::atomic<result(*) parameters> g_##name{&first_##name};
#include "runtime/interpose/real.def"
#undef RADDLE_REAL

void resolve() noexcept {
  if (t_resolving != 0) return;
  const int saved_errno = errno;
  ++t_resolving;
#define RADDLE_REAL(result, name, parameters, arguments, version)                                 \
  {                                                                                               \
    void* found = find(#name, version);                                                           \
    g_##name.store(                                                                               \
        found != nullptr ? reinterpret_cast<result(*) parameters>(found) : &Tag_##name::stand_in, \
        std::memory_order_relaxed);                                                               \
  }
#include "runtime/interpose/real.def"
#undef RADDLE_REAL
  --t_resolving;
  errno = saved_errno;
}

}  // namespace raddle::interpose::real
