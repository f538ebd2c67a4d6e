// SPDX-License-Identifier: Apache-2.0
// pthread_rwlock_t. The layout of glibc's is part of its ABI (bits/struct_rwlock.h).
#include <pthread.h>

#include <cerrno>

#include "runtime/interpose/blocked.h"
#include "runtime/interpose/for_processes.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/turns.h"

namespace raddle::interpose {
namespace {

using trace::Kind;
using trace::Misuse;

constexpr unsigned kReaderShift = 3;  // of __readers; below are phase bits

pid_t writer_of(const pthread_rwlock_t* l) {
  return __atomic_load_n(&l->__data.__cur_writer, __ATOMIC_RELAXED);
}

bool has_readers(const pthread_rwlock_t* l) {
  return (__atomic_load_n(&l->__data.__readers, __ATOMIC_RELAXED) >> kReaderShift) != 0;
}

struct Mode {
  std::uint32_t wait_flags;
  Kind locked;
};
constexpr Mode kReader{trace::kShared, Kind::kRwMutexLockShared};
constexpr Mode kWriter{0, Kind::kRwMutexLock};

template <typename Try, typename Lock>
int lock(pthread_rwlock_t* l, const Mode& mode, Deadline& deadline, Try&& try_lock,
         Lock&& blocking_lock) {
  if (writer_of(l) == own_tid()) return blocking_lock();  // EDEADLK
  before_operation(l);
  const bool is_timed = deadline.at != nullptr;
  int status = try_lock();
  if (status == EBUSY) {
    note(Kind::kRwMutexWait, l, mode.wait_flags | (is_timed ? trace::kTimed : 0u));
    const Blocked blocked(is_timed ? Until::kTime : Until::kWoken, l);
    status = wait_for(l, is_for_processes(l), deadline, try_lock, blocking_lock);
  }
  if (status == 0) note(mode.locked, l, is_timed ? trace::kTried : 0);
  return status;
}

void note_misuse(pthread_rwlock_t* l, Misuse misuse) {
  note(Kind::kRwMutexMisuse, l, static_cast<std::uint32_t>(misuse));
}

void note_unlock(pthread_rwlock_t* l) {
  const pid_t writer = writer_of(l);
  if (writer == own_tid()) return note(Kind::kRwMutexUnlock, l);
  if (writer != 0) {
    note_misuse(l, Misuse::kUnlockByOther);
    return note(Kind::kRwMutexUnlock, l);
  }
  if (!has_readers(l)) return note_misuse(l, Misuse::kUnlockOfUnlocked);
  note(Kind::kRwMutexUnlockShared, l);
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

RADDLE_EXPORT int pthread_rwlock_init(pthread_rwlock_t* l, const pthread_rwlockattr_t* attributes) {
  const int status = real::pthread_rwlock_init(l, attributes);
  if (is_recording() && status == 0) note(Kind::kRwMutexInit, l);
  return status;
}

RADDLE_EXPORT int pthread_rwlock_destroy(pthread_rwlock_t* l) {
  if (is_recording()) {
    if (writer_of(l) != 0 || has_readers(l)) {
      note_misuse(l, raddle::trace::Misuse::kDestroyedWhileLocked);
    }
    note(Kind::kRwMutexDestroy, l);
  }
  return real::pthread_rwlock_destroy(l);
}

RADDLE_EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t* l) {
  if (!is_recording()) return real::pthread_rwlock_rdlock(l);
  Deadline never;
  return lock(
      l, kReader, never, [&] { return real::pthread_rwlock_tryrdlock(l); },
      [&] { return real::pthread_rwlock_rdlock(l); });
}

RADDLE_EXPORT int pthread_rwlock_tryrdlock(pthread_rwlock_t* l) {
  if (is_recording()) before_operation(l);
  const int status = real::pthread_rwlock_tryrdlock(l);
  if (is_recording() && status == 0) note(Kind::kRwMutexLockShared, l, raddle::trace::kTried);
  return status;
}

RADDLE_EXPORT int pthread_rwlock_timedrdlock(pthread_rwlock_t* l, const timespec* at) {
  if (!is_recording()) return real::pthread_rwlock_timedrdlock(l, at);
  Deadline deadline{CLOCK_REALTIME, at};
  return lock(
      l, kReader, deadline, [&] { return real::pthread_rwlock_tryrdlock(l); },
      [&] { return real::pthread_rwlock_timedrdlock(l, deadline.at); });
}

RADDLE_EXPORT int pthread_rwlock_clockrdlock(pthread_rwlock_t* l, clockid_t clock,
                                             const timespec* at) {
  if (!is_recording()) return real::pthread_rwlock_clockrdlock(l, clock, at);
  Deadline deadline{clock, at};
  return lock(
      l, kReader, deadline, [&] { return real::pthread_rwlock_tryrdlock(l); },
      [&] { return real::pthread_rwlock_clockrdlock(l, clock, deadline.at); });
}

RADDLE_EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t* l) {
  if (!is_recording()) return real::pthread_rwlock_wrlock(l);
  Deadline never;
  return lock(
      l, kWriter, never, [&] { return real::pthread_rwlock_trywrlock(l); },
      [&] { return real::pthread_rwlock_wrlock(l); });
}

RADDLE_EXPORT int pthread_rwlock_trywrlock(pthread_rwlock_t* l) {
  if (is_recording()) before_operation(l);
  const int status = real::pthread_rwlock_trywrlock(l);
  if (is_recording() && status == 0) note(Kind::kRwMutexLock, l, raddle::trace::kTried);
  return status;
}

RADDLE_EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t* l, const timespec* at) {
  if (!is_recording()) return real::pthread_rwlock_timedwrlock(l, at);
  Deadline deadline{CLOCK_REALTIME, at};
  return lock(
      l, kWriter, deadline, [&] { return real::pthread_rwlock_trywrlock(l); },
      [&] { return real::pthread_rwlock_timedwrlock(l, deadline.at); });
}

RADDLE_EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t* l, clockid_t clock,
                                             const timespec* at) {
  if (!is_recording()) return real::pthread_rwlock_clockwrlock(l, clock, at);
  Deadline deadline{clock, at};
  return lock(
      l, kWriter, deadline, [&] { return real::pthread_rwlock_trywrlock(l); },
      [&] { return real::pthread_rwlock_clockwrlock(l, clock, deadline.at); });
}

RADDLE_EXPORT int pthread_rwlock_unlock(pthread_rwlock_t* l) {
  if (!is_recording()) return real::pthread_rwlock_unlock(l);
  note_unlock(l);
  const int status = real::pthread_rwlock_unlock(l);
  wake_all(l);
  return status;
}
