// SPDX-License-Identifier: Apache-2.0
// pthread_mutex_t. The layout of glibc's mutex is part of its ABI (bits/struct_mutex.h).
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

constexpr int kTypeBits = 3;
constexpr int kFlagBits = 16 | 32 | 64;  // robust, priority inheritance, priority protection
constexpr int kElisionBit = 256;         // the owner is not kept

int load(const int& field) { return __atomic_load_n(&field, __ATOMIC_RELAXED); }

// Whether the owner field tells who holds it.
bool keeps_owner(const pthread_mutex_t* m) {
  return (load(m->__data.__kind) & (kFlagBits | kElisionBit)) == 0;
}

bool fails_on_relock(const pthread_mutex_t* m) {
  return (load(m->__data.__kind) & kTypeBits) == PTHREAD_MUTEX_ERRORCHECK_NP &&
         load(m->__data.__owner) == own_tid();
}

// EOWNERDEAD: the lock is held, its last owner died.
int note_if_locked(pthread_mutex_t* m, int status, std::uint32_t lock_flags) {
  if (status == 0 || status == EOWNERDEAD) note(Kind::kMutexLock, m, lock_flags);
  return status;
}

// Tries first, so that only a lock that blocks is recorded as a wait.
template <typename Lock>
int lock(pthread_mutex_t* m, Deadline& deadline, Lock&& blocking_lock) {
  if (fails_on_relock(m)) return blocking_lock();
  before_operation(m);
  const std::uint32_t wait_flags = deadline.at != nullptr ? trace::kTimed : 0;
  int status = real::pthread_mutex_trylock(m);
  if (status == EBUSY) {
    note(Kind::kMutexWait, m, wait_flags);
    const Blocked blocked(wait_flags != 0 ? Until::kTime : Until::kWoken, m);
    status = wait_for(
        m, is_for_processes(m), deadline, [&] { return real::pthread_mutex_trylock(m); },
        blocking_lock);
  }
  return note_if_locked(m, status, wait_flags != 0 ? trace::kTried : 0);
}

// Notes the misuse, if it is one; returns false if the mutex stays as it is.
bool note_unlock(pthread_mutex_t* m) {
  if (!keeps_owner(m) || is_for_processes(m)) {
    note(Kind::kMutexUnlock, m);
    return true;
  }
  const bool checks = (load(m->__data.__kind) & kTypeBits) != PTHREAD_MUTEX_TIMED_NP &&
                      (load(m->__data.__kind) & kTypeBits) != PTHREAD_MUTEX_ADAPTIVE_NP;
  const int state = load(m->__data.__lock);
  if (state > 1) record::time_passes();  // somebody waits, or has
  if (state == 0) {
    note(Kind::kMutexMisuse, m, static_cast<std::uint32_t>(Misuse::kUnlockOfUnlocked));
    return false;
  }
  if (!is_own_tid(load(m->__data.__owner))) {
    note(Kind::kMutexMisuse, m, static_cast<std::uint32_t>(Misuse::kUnlockByOther));
    if (checks) return false;  // recursive and error-checking ones refuse
  }
  note(Kind::kMutexUnlock, m);
  return true;
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

RADDLE_EXPORT int pthread_mutex_init(pthread_mutex_t* m, const pthread_mutexattr_t* attributes) {
  const int status = real::pthread_mutex_init(m, attributes);
  if (is_recording() && status == 0) note(Kind::kMutexInit, m);
  return status;
}

RADDLE_EXPORT int pthread_mutex_destroy(pthread_mutex_t* m) {
  if (!is_recording()) return real::pthread_mutex_destroy(m);
  if (keeps_owner(m) && !is_for_processes(m) && load(m->__data.__lock) != 0) {
    note(Kind::kMutexMisuse, m,
         static_cast<std::uint32_t>(raddle::trace::Misuse::kDestroyedWhileLocked));
  }
  note(Kind::kMutexDestroy, m);
  return real::pthread_mutex_destroy(m);
}

RADDLE_EXPORT int pthread_mutex_lock(pthread_mutex_t* m) {
  if (!is_recording()) return real::pthread_mutex_lock(m);
  Deadline never;
  return lock(m, never, [&] { return real::pthread_mutex_lock(m); });
}

RADDLE_EXPORT int pthread_mutex_trylock(pthread_mutex_t* m) {
  if (!is_recording()) return real::pthread_mutex_trylock(m);
  before_operation(m);
  return note_if_locked(m, real::pthread_mutex_trylock(m), raddle::trace::kTried);
}

RADDLE_EXPORT int pthread_mutex_timedlock(pthread_mutex_t* m, const timespec* at) {
  if (!is_recording()) return real::pthread_mutex_timedlock(m, at);
  Deadline deadline{CLOCK_REALTIME, at};
  return lock(m, deadline, [&] { return real::pthread_mutex_timedlock(m, deadline.at); });
}

RADDLE_EXPORT int pthread_mutex_clocklock(pthread_mutex_t* m, clockid_t clock, const timespec* at) {
  if (!is_recording()) return real::pthread_mutex_clocklock(m, clock, at);
  Deadline deadline{clock, at};
  return lock(m, deadline, [&] { return real::pthread_mutex_clocklock(m, clock, deadline.at); });
}

RADDLE_EXPORT int pthread_mutex_unlock(pthread_mutex_t* m) {
  if (!is_recording()) return real::pthread_mutex_unlock(m);
  note_unlock(m);
  const int status = real::pthread_mutex_unlock(m);
  wake_all(m);
  return status;
}
