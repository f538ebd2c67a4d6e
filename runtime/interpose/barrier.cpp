// SPDX-License-Identifier: Apache-2.0
// pthread_barrier_t.
#include <pthread.h>

#include "runtime/interpose/blocked.h"
#include "runtime/interpose/for_processes.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/turns.h"

namespace raddle::interpose {
namespace {

// A barrier at which threads wait by turns; the C library's own is not used then.
struct Meeting {
  const pthread_barrier_t* barrier = nullptr;
  unsigned arrived = 0;
  std::uint64_t round = 0;
};
constinit Meeting g_meetings[256];  // whoever has the turn has them

// Null: there are too many.
Meeting* meeting_at(const pthread_barrier_t* b) {
  for (Meeting& meeting : g_meetings) {
    if (meeting.barrier == b) return &meeting;
    if (meeting.barrier == nullptr) {
      meeting.barrier = b;
      return &meeting;
    }
  }
  return nullptr;
}

// How many it is for: the third word (glibc's struct pthread_barrier, part of its ABI).
unsigned count_of(const pthread_barrier_t* b) { return reinterpret_cast<const unsigned*>(b)[2]; }

int meet(record::Turns& turns, Meeting& meeting, unsigned count) {
  if (++meeting.arrived == count) {
    meeting.arrived = 0;
    ++meeting.round;
    turns.wake_all(meeting.barrier);
    return PTHREAD_BARRIER_SERIAL_THREAD;
  }
  const std::uint64_t round = meeting.round;
  wait_by_turns(turns, meeting.barrier, {}, [&] { return meeting.round != round; });
  return 0;
}

int wait(pthread_barrier_t* b) {
  Deadline never;
  record::Turns* turns = turns_of_wait(is_for_processes(b), never);
  Meeting* meeting = turns != nullptr ? meeting_at(b) : nullptr;
  if (meeting != nullptr) return meet(*turns, *meeting, count_of(b));
  return real::pthread_barrier_wait(b);
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

RADDLE_EXPORT int pthread_barrier_wait(pthread_barrier_t* b) {
  if (!is_recording()) return real::pthread_barrier_wait(b);
  before_operation(b);
  note(Kind::kBarrierArrive, b, 0, count_of(b));
  note(Kind::kBarrierWait, b);
  int status = 0;
  {
    const Blocked blocked(Until::kWoken, b);
    status = wait(b);
  }
  if (status == 0 || status == PTHREAD_BARRIER_SERIAL_THREAD) note(Kind::kBarrierLeave, b);
  return status;
}
