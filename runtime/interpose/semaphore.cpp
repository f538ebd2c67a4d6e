// SPDX-License-Identifier: Apache-2.0
// sem_t. These calls report by errno, which note() keeps.
#include <semaphore.h>

#include <cerrno>

#include "runtime/interpose/blocked.h"
#include "runtime/interpose/for_processes.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/turns.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

template <typename Wait>
int wait(sem_t* s, Deadline& deadline, Wait&& real_wait) {
  const int saved_errno = errno;
  before_operation(s);
  if (real::sem_trywait(s) != 0) {
    errno = saved_errno;
    const bool is_timed = deadline.at != nullptr;
    note(Kind::kSemaphoreWait, s, is_timed ? trace::kTimed : 0);
    const Blocked blocked(is_timed ? Until::kTime : Until::kWokenOrSignal, s);
    if (record::Turns* turns = turns_of_wait(is_for_processes(s), deadline)) {
      const bool could = wait_by_turns(*turns, s, deadline, [&] {
        real::pthread_testcancel();
        return real::sem_trywait(s) == 0;
      });
      errno = could ? saved_errno : ETIMEDOUT;
      if (!could) return -1;
    } else if (const int status = real_wait(); status != 0) {
      return status;
    }
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
  if (is_recording() && status == 0) note(Kind::kSemaphoreInit, s, shared != 0 ? 1 : 0, value);
  return status;
}

RADDLE_EXPORT int sem_wait(sem_t* s) {
  if (!is_recording()) return real::sem_wait(s);
  Deadline never;
  return wait(s, never, [&] { return real::sem_wait(s); });
}

RADDLE_EXPORT int sem_trywait(sem_t* s) {
  if (is_recording()) before_operation(s);
  const int status = real::sem_trywait(s);
  if (is_recording() && status == 0) note(Kind::kSemaphoreAcquire, s);
  return status;
}

RADDLE_EXPORT int sem_timedwait(sem_t* s, const timespec* at) {
  if (!is_recording()) return real::sem_timedwait(s, at);
  Deadline deadline{CLOCK_REALTIME, at};
  return wait(s, deadline, [&] { return real::sem_timedwait(s, deadline.at); });
}

RADDLE_EXPORT int sem_clockwait(sem_t* s, clockid_t clock, const timespec* at) {
  if (!is_recording()) return real::sem_clockwait(s, clock, at);
  Deadline deadline{clock, at};
  return wait(s, deadline, [&] { return real::sem_clockwait(s, clock, deadline.at); });
}

RADDLE_EXPORT int sem_post(sem_t* s) {
  if (!is_recording()) return real::sem_post(s);
  before_operation(s);
  note(Kind::kSemaphoreRelease, s);
  const int status = real::sem_post(s);
  wake_all(s);
  return status;
}
