// SPDX-License-Identifier: Apache-2.0
// ThreadSanitizer's annotations of locks and order (sanitizer/tsan_interface.h, and the older
// ANNOTATE_ macros): a program that carries them says the same to us.
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

// Flags of sanitizer/tsan_interface.h.
constexpr unsigned kReadLock = 1U << 3;
constexpr unsigned kTryLockFailed = 1U << 5;

void note_if_on(Kind kind, const volatile void* object, std::uint64_t value = 0) {
  if (is_recording()) note(kind, object, 0, value);
}

void note_locked(const volatile void* lock, bool is_reader) {
  note_if_on(is_reader ? Kind::kRwMutexLockShared : Kind::kRwMutexLock, lock);
}

void note_unlock(const volatile void* lock, bool is_reader) {
  note_if_on(is_reader ? Kind::kRwMutexUnlockShared : Kind::kRwMutexUnlock, lock);
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::record::begin_ignoring;
using raddle::record::end_ignoring;
using raddle::trace::Kind;

RADDLE_EXPORT void __tsan_acquire(void* address) { note_if_on(Kind::kAcquireAddress, address); }
RADDLE_EXPORT void __tsan_release(void* address) { note_if_on(Kind::kReleaseAddress, address); }

// The lock's own accesses, between each pre_ and its post_, are not the program's.
RADDLE_EXPORT void __tsan_mutex_create(void* lock, unsigned) {
  note_if_on(Kind::kRwMutexInit, lock);
}
RADDLE_EXPORT void __tsan_mutex_destroy(void* lock, unsigned) {
  note_if_on(Kind::kRwMutexDestroy, lock);
}
RADDLE_EXPORT void __tsan_mutex_pre_lock(void*, unsigned) { begin_ignoring(); }
RADDLE_EXPORT void __tsan_mutex_post_lock(void* lock, unsigned flags, int) {
  end_ignoring();
  if ((flags & kTryLockFailed) == 0) note_locked(lock, (flags & kReadLock) != 0);
}
RADDLE_EXPORT int __tsan_mutex_pre_unlock(void* lock, unsigned flags) {
  note_unlock(lock, (flags & kReadLock) != 0);
  begin_ignoring();
  return 0;
}
RADDLE_EXPORT void __tsan_mutex_post_unlock(void*, unsigned) { end_ignoring(); }
RADDLE_EXPORT void __tsan_mutex_pre_signal(void*, unsigned) { begin_ignoring(); }
RADDLE_EXPORT void __tsan_mutex_post_signal(void*, unsigned) { end_ignoring(); }
RADDLE_EXPORT void __tsan_mutex_pre_divert(void*, unsigned) { end_ignoring(); }
RADDLE_EXPORT void __tsan_mutex_post_divert(void*, unsigned) { begin_ignoring(); }

// NOLINTBEGIN(readability-identifier-naming): the names that programs call
RADDLE_EXPORT void AnnotateHappensBefore(const char*, int, const volatile void* address) {
  note_if_on(Kind::kReleaseAddress, address);
}
RADDLE_EXPORT void AnnotateHappensAfter(const char*, int, const volatile void* address) {
  note_if_on(Kind::kAcquireAddress, address);
}
RADDLE_EXPORT void AnnotateRWLockCreate(const char*, int, const volatile void* lock) {
  note_if_on(Kind::kRwMutexInit, lock);
}
RADDLE_EXPORT void AnnotateRWLockCreateStatic(const char*, int, const volatile void* lock) {
  note_if_on(Kind::kRwMutexInit, lock);
}
RADDLE_EXPORT void AnnotateRWLockDestroy(const char*, int, const volatile void* lock) {
  note_if_on(Kind::kRwMutexDestroy, lock);
}
RADDLE_EXPORT void AnnotateRWLockAcquired(const char*, int, const volatile void* lock, long is_w) {
  note_locked(lock, is_w == 0);
}
RADDLE_EXPORT void AnnotateRWLockReleased(const char*, int, const volatile void* lock, long is_w) {
  note_unlock(lock, is_w == 0);
}
RADDLE_EXPORT void AnnotateNewMemory(const char*, int, const volatile void* memory, long bytes) {
  note_if_on(Kind::kMemoryAllocate, memory, static_cast<std::uint64_t>(bytes));
}

RADDLE_EXPORT void AnnotateBenignRaceSized(const char*, int, const volatile void* memory,
                                           long bytes, const char*) {
  note_if_on(Kind::kBenignRace, memory, static_cast<std::uint64_t>(bytes));
}
RADDLE_EXPORT void AnnotateBenignRace(const char*, int, const volatile void* memory, const char*) {
  note_if_on(Kind::kBenignRace, memory, 1);
}

// Reads and writes cannot be ignored apart from each other: either way both are.
RADDLE_EXPORT void AnnotateIgnoreReadsBegin(const char*, int) { begin_ignoring(); }
RADDLE_EXPORT void AnnotateIgnoreReadsEnd(const char*, int) { end_ignoring(); }
RADDLE_EXPORT void AnnotateIgnoreWritesBegin(const char*, int) { begin_ignoring(); }
RADDLE_EXPORT void AnnotateIgnoreWritesEnd(const char*, int) { end_ignoring(); }
// NOLINTEND(readability-identifier-naming)
