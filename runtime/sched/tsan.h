// SPDX-License-Identifier: Apache-2.0
// What ThreadSanitizer must be told: it does not see this folder's code, in which one thread runs
// many tasks, and takes a task for a thread of its own. Nothing without that sanitizer.
#pragma once

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) && !defined(RADDLE_TSAN)
#define RADDLE_TSAN 1
#endif
#endif

#ifdef RADDLE_TSAN
#include <sanitizer/tsan_interface.h>
extern "C" void AnnotateIgnoreWritesBegin(const char* file, int line);
extern "C" void AnnotateIgnoreWritesEnd(const char* file, int line);
#endif

namespace raddle::sched {

// What was done before a release on an address is seen after an acquire on it.
inline void tsan_release([[maybe_unused]] const void* address) noexcept {
#ifdef RADDLE_TSAN
  __tsan_release(const_cast<void*>(address));
#endif
}
inline void tsan_acquire([[maybe_unused]] const void* address) noexcept {
#ifdef RADDLE_TSAN
  __tsan_acquire(const_cast<void*>(address));
#endif
}

// What functions of the C library write meanwhile, which it sees: a task that ends has given its
// stack away to whoever is next while it still runs on it.
class TsanIgnoresWrites {
 public:
#ifdef RADDLE_TSAN
  TsanIgnoresWrites() noexcept { AnnotateIgnoreWritesBegin(__FILE__, __LINE__); }
  ~TsanIgnoresWrites() { AnnotateIgnoreWritesEnd(__FILE__, __LINE__); }
#else
  TsanIgnoresWrites() noexcept {}  // not defaulted: else its objects were never used
#endif
  TsanIgnoresWrites(const TsanIgnoresWrites&) = delete;
  TsanIgnoresWrites& operator=(const TsanIgnoresWrites&) = delete;
};

}  // namespace raddle::sched
