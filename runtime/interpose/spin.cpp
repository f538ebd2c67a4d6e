// SPDX-License-Identifier: Apache-2.0
// pthread_spinlock_t: a mutex to the analyzer.
#include <pthread.h>

#include <cerrno>

#include "runtime/interpose/blocked.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/turns.h"

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

RADDLE_EXPORT int pthread_spin_init(pthread_spinlock_t* s, int shared) {
  const int status = real::pthread_spin_init(s, shared);
  if (is_recording() && status == 0) note(Kind::kMutexInit, s);
  return status;
}

RADDLE_EXPORT int pthread_spin_destroy(pthread_spinlock_t* s) {
  if (is_recording()) note(Kind::kMutexDestroy, s);
  return real::pthread_spin_destroy(s);
}

RADDLE_EXPORT int pthread_spin_lock(pthread_spinlock_t* s) {
  if (!is_recording()) return real::pthread_spin_lock(s);
  before_operation(s);
  int status = real::pthread_spin_trylock(s);
  if (status == EBUSY) {
    note(Kind::kMutexWait, s);
    const Blocked blocked(Until::kWoken, s);
    Deadline never;
    status = wait_for(
        s, false, never, [&] { return real::pthread_spin_trylock(s); },
        [&] { return real::pthread_spin_lock(s); });
  }
  if (status == 0) note(Kind::kMutexLock, s);
  return status;
}

RADDLE_EXPORT int pthread_spin_trylock(pthread_spinlock_t* s) {
  if (is_recording()) before_operation(s);
  const int status = real::pthread_spin_trylock(s);
  if (is_recording() && status == 0) note(Kind::kMutexLock, s, raddle::trace::kTried);
  return status;
}

RADDLE_EXPORT int pthread_spin_unlock(pthread_spinlock_t* s) {
  if (!is_recording()) return real::pthread_spin_unlock(s);
  note(Kind::kMutexUnlock, s);
  const int status = real::pthread_spin_unlock(s);
  wake_all(s);
  return status;
}
