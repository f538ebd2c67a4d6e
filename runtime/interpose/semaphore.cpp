// SPDX-License-Identifier: Apache-2.0
// sem_t. These calls report by errno, which note() keeps.
#include <semaphore.h>

#include <cerrno>

#include "runtime/interpose/blocked.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

template <typename Wait>
int wait(sem_t* s, std::uint32_t flags, Wait&& real_wait) {
  const int saved_errno = errno;
  if (real::sem_trywait(s) != 0) {
    errno = saved_errno;
    note(Kind::kSemaphoreWait, s, flags);
    const Blocked blocked(flags != 0 ? Until::kTime : Until::kWokenOrSignal, s);
    if (const int status = real_wait(); status != 0) return status;
  }
  note(Kind::kSemaphoreAcquire, s);
  return 0;
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

RADDLE_EXPORT int sem_init(sem_t* s, int shared, unsigned value) {
  const int status = real::sem_init(s, shared, value);
  if (is_recording() && status == 0) note(Kind::kSemaphoreInit, s, 0, value);
  return status;
}

RADDLE_EXPORT int sem_wait(sem_t* s) {
  if (!is_recording()) return real::sem_wait(s);
  return wait(s, 0, [&] { return real::sem_wait(s); });
}

RADDLE_EXPORT int sem_trywait(sem_t* s) {
  const int status = real::sem_trywait(s);
  if (is_recording() && status == 0) note(Kind::kSemaphoreAcquire, s);
  return status;
}

RADDLE_EXPORT int sem_timedwait(sem_t* s, const timespec* at) {
  if (!is_recording()) return real::sem_timedwait(s, at);
  return wait(s, raddle::trace::kTimed, [&] { return real::sem_timedwait(s, at); });
}

RADDLE_EXPORT int sem_clockwait(sem_t* s, clockid_t clock, const timespec* at) {
  if (!is_recording()) return real::sem_clockwait(s, clock, at);
  return wait(s, raddle::trace::kTimed, [&] { return real::sem_clockwait(s, clock, at); });
}

RADDLE_EXPORT int sem_post(sem_t* s) {
  if (is_recording()) note(Kind::kSemaphoreRelease, s);
  return real::sem_post(s);
}
