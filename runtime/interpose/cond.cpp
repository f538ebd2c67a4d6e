// SPDX-License-Identifier: Apache-2.0
// pthread_cond_t. A notify orders nothing: only the mutex does.
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

// The mutex is free while one exists. It is held again however the wait ends, also by cancellation.
class WithoutMutex {
 public:
  explicit WithoutMutex(pthread_mutex_t* m) : mutex_(m) { note(Kind::kMutexUnlock, mutex_); }
  ~WithoutMutex() { note(Kind::kMutexLock, mutex_); }
  WithoutMutex(const WithoutMutex&) = delete;
  WithoutMutex& operator=(const WithoutMutex&) = delete;

 private:
  pthread_mutex_t* mutex_;
};

// Who is cancelled takes no notify away from the others that wait (POSIX, pthread_cond_signal).
class PassesNotifyOn {
 public:
  PassesNotifyOn(record::Turns& turns, pthread_cond_t* c) : turns_(turns), cond_(c) {}
  ~PassesNotifyOn() {
    if (is_cancelled_) turns_.wake_one(cond_);
  }
  PassesNotifyOn(const PassesNotifyOn&) = delete;
  PassesNotifyOn& operator=(const PassesNotifyOn&) = delete;

  void test_cancel() {
    is_cancelled_ = true;  // if it does not return
    real::pthread_testcancel();
    is_cancelled_ = false;
  }

 private:
  record::Turns& turns_;
  pthread_cond_t* cond_;
  bool is_cancelled_ = false;
};

int lock_again(pthread_mutex_t* m) {
  const auto attempt = [&] { return real::pthread_mutex_trylock(m); };
  const int status = attempt();
  if (status != EBUSY) return status;
  Deadline never;
  return wait_for(m, is_for_processes(m), never, attempt,
                  [&] { return real::pthread_mutex_lock(m); });
}

int wait_for_notify(record::Turns& turns, pthread_cond_t* c, pthread_mutex_t* m,
                    const Deadline& deadline) {
  real::pthread_testcancel();
  const std::int64_t end = deadline.in_turns(turns);
  real::pthread_mutex_unlock(m);
  turns.wake_all(m);
  const bool is_notified = turns.wait(c, end);
  const int status = lock_again(m);
  if (is_notified) {
    PassesNotifyOn(turns, c).test_cancel();
  } else {
    real::pthread_testcancel();
  }
  return is_notified ? status : ETIMEDOUT;
}

// The unlock comes first: the task is blocked from its wait on until its next event.
template <typename Wait>
int wait(pthread_cond_t* c, pthread_mutex_t* m, Deadline& deadline, Wait&& real_wait) {
  before_operation(c);
  const bool is_timed = deadline.at != nullptr;
  const WithoutMutex without_mutex(m);
  note(Kind::kCondWait, c, is_timed ? trace::kTimed : 0, record::id_of(m));
  const Blocked blocked(is_timed ? Until::kTime : Until::kWoken, c);
  const bool is_for_both = is_for_processes(c) && is_for_processes(m);
  if (record::Turns* turns = turns_of_wait(is_for_both, deadline)) {
    return wait_for_notify(*turns, c, m, deadline);
  }
  return real_wait();
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

RADDLE_EXPORT int pthread_cond_init(pthread_cond_t* c, const pthread_condattr_t* attributes) {
  const int status = real::pthread_cond_init(c, attributes);
  if (is_recording() && status == 0) note(Kind::kCondInit, c);
  return status;
}

RADDLE_EXPORT int pthread_cond_destroy(pthread_cond_t* c) {
  if (!is_recording()) return real::pthread_cond_destroy(c);
  note(Kind::kCondDestroy, c);
  const Blocked blocked(Until::kWoken, c);  // for its waiters
  return real::pthread_cond_destroy(c);
}

RADDLE_EXPORT int pthread_cond_wait(pthread_cond_t* c, pthread_mutex_t* m) {
  if (!is_recording()) return real::pthread_cond_wait(c, m);
  Deadline never;
  return wait(c, m, never, [&] { return real::pthread_cond_wait(c, m); });
}

RADDLE_EXPORT int pthread_cond_timedwait(pthread_cond_t* c, pthread_mutex_t* m,
                                         const timespec* at) {
  if (!is_recording()) return real::pthread_cond_timedwait(c, m, at);
  Deadline deadline{CLOCK_REALTIME, at};
  return wait(c, m, deadline, [&] { return real::pthread_cond_timedwait(c, m, deadline.at); });
}

RADDLE_EXPORT int pthread_cond_clockwait(pthread_cond_t* c, pthread_mutex_t* m, clockid_t clock,
                                         const timespec* at) {
  if (!is_recording()) return real::pthread_cond_clockwait(c, m, clock, at);
  Deadline deadline{clock, at};
  return wait(c, m, deadline,
              [&] { return real::pthread_cond_clockwait(c, m, clock, deadline.at); });
}

RADDLE_EXPORT int pthread_cond_signal(pthread_cond_t* c) {
  if (is_recording()) {
    before_operation(c);
    note(Kind::kCondNotify, c);
    if (raddle::record::g_turns != nullptr) raddle::record::g_turns->wake_one(c);
  }
  return real::pthread_cond_signal(c);
}

RADDLE_EXPORT int pthread_cond_broadcast(pthread_cond_t* c) {
  if (is_recording()) {
    before_operation(c);
    note(Kind::kCondNotify, c, 1);
    wake_all(c);
  }
  return real::pthread_cond_broadcast(c);
}
