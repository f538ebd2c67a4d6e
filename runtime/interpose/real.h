// SPDX-License-Identifier: Apache-2.0
// The functions behind the interposed ones: real::name(...) calls the next definition in line.
//
// Callable at any time from any thread, also before our constructors ran: until the first call has
// looked everything up, each pointer leads to a stub that does.
#pragma once

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <threads.h>
#include <time.h>
#include <unwind.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#define RADDLE_EXPORT extern "C" __attribute__((visibility("default")))

#if defined(__x86_64__)
#define RADDLE_COND_VERSION "GLIBC_2.3.2"
#else
#define RADDLE_COND_VERSION nullptr
#endif

namespace raddle::interpose {

using Guard = std::uint64_t;  // of a function-local static (Itanium C++ ABI, 3.3.3)
using MainFunction = int(int, char**, char**);

namespace real {

// Looks all functions up; idempotent.
void resolve() noexcept;
// Whether this thread is inside resolve(): then only the bootstrap allocator may be used.
bool is_resolving() noexcept;

// Relaxed: every value ever stored leads to the same function.
#define RADDLE_REAL(result, name, parameters, arguments, version) \
  extern std::atomic<result(*) parameters> g_##name;              \
  inline __attribute__((always_inline)) result name parameters {  \
    return g_##name.load(std::memory_order_relaxed) arguments;    \
  }
#include "runtime/interpose/real.def"
#undef RADDLE_REAL

}  // namespace real
}  // namespace raddle::interpose
