// SPDX-License-Identifier: Apache-2.0
// pthread_barrier_t.
#include <pthread.h>

#include "runtime/interpose/blocked.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

RADDLE_EXPORT int pthread_barrier_wait(pthread_barrier_t* b) {
  if (!is_recording()) return real::pthread_barrier_wait(b);
  note(Kind::kBarrierArrive, b);
  note(Kind::kBarrierWait, b);
  int status = 0;
  {
    const Blocked blocked(Until::kWoken, b);
    status = real::pthread_barrier_wait(b);
  }
  if (status == 0 || status == PTHREAD_BARRIER_SERIAL_THREAD) note(Kind::kBarrierLeave, b);
  return status;
}
