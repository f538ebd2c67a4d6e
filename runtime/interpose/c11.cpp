// SPDX-License-Identifier: Apache-2.0
// <threads.h>. The C library's own versions call its pthread functions without passing by ours;
// here they do. Its types are those of pthread by another name.
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>

#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/record/again.h"

namespace raddle::interpose {
namespace {

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));

int result_of(int status) {
  switch (status) {
    case 0:
      return thrd_success;
    case ENOMEM:
      return thrd_nomem;
    case ETIMEDOUT:
      return thrd_timedout;
    case EBUSY:
      return thrd_busy;
    default:
      return thrd_error;
  }
}

pthread_mutex_t* mutex(mtx_t* m) { return reinterpret_cast<pthread_mutex_t*>(m); }
pthread_cond_t* cond(cnd_t* c) { return reinterpret_cast<pthread_cond_t*>(c); }

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names

// The result is read back as an int by thrd_join, as the C library's own does.
RADDLE_EXPORT int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  raddle::record::start_in_forked_child();
  if (!is_recording()) return real::thrd_create(thread, function, argument);
  auto* start = reinterpret_cast<void* (*)(void*)>(reinterpret_cast<void*>(function));
  const int status = ::pthread_create(thread, nullptr, start, argument);
  return status == EAGAIN ? static_cast<int>(thrd_nomem) : result_of(status);
}

RADDLE_EXPORT int thrd_join(thrd_t thread, int* result) {
  if (!is_recording()) return real::thrd_join(thread, result);
  void* value = nullptr;
  const int status = ::pthread_join(thread, &value);
  if (status == 0 && result != nullptr) {
    *result = static_cast<int>(reinterpret_cast<std::uintptr_t>(value));
  }
  return result_of(status);
}

RADDLE_EXPORT int thrd_detach(thrd_t thread) {
  if (!is_recording()) return real::thrd_detach(thread);
  return result_of(::pthread_detach(thread));
}

RADDLE_EXPORT int mtx_init(mtx_t* m, int type) {
  const int status = real::mtx_init(m, type);
  if (is_recording() && status == thrd_success) note(raddle::trace::Kind::kMutexInit, m);
  return status;
}

RADDLE_EXPORT void mtx_destroy(mtx_t* m) {
  if (!is_recording()) return real::mtx_destroy(m);
  ::pthread_mutex_destroy(mutex(m));
}

RADDLE_EXPORT int mtx_lock(mtx_t* m) {
  if (!is_recording()) return real::mtx_lock(m);
  return result_of(::pthread_mutex_lock(mutex(m)));
}

RADDLE_EXPORT int mtx_trylock(mtx_t* m) {
  if (!is_recording()) return real::mtx_trylock(m);
  return result_of(::pthread_mutex_trylock(mutex(m)));
}

RADDLE_EXPORT int mtx_timedlock(mtx_t* m, const timespec* at) {
  if (!is_recording()) return real::mtx_timedlock(m, at);
  return result_of(::pthread_mutex_timedlock(mutex(m), at));
}

RADDLE_EXPORT int mtx_unlock(mtx_t* m) {
  if (!is_recording()) return real::mtx_unlock(m);
  return result_of(::pthread_mutex_unlock(mutex(m)));
}

RADDLE_EXPORT void cnd_destroy(cnd_t* c) {
  if (!is_recording()) return real::cnd_destroy(c);
  ::pthread_cond_destroy(cond(c));
}

RADDLE_EXPORT int cnd_wait(cnd_t* c, mtx_t* m) {
  if (!is_recording()) return real::cnd_wait(c, m);
  return result_of(::pthread_cond_wait(cond(c), mutex(m)));
}

RADDLE_EXPORT int cnd_timedwait(cnd_t* c, mtx_t* m, const timespec* at) {
  if (!is_recording()) return real::cnd_timedwait(c, m, at);
  return result_of(::pthread_cond_timedwait(cond(c), mutex(m), at));
}

RADDLE_EXPORT int cnd_signal(cnd_t* c) {
  if (!is_recording()) return real::cnd_signal(c);
  return result_of(::pthread_cond_signal(cond(c)));
}

RADDLE_EXPORT int cnd_broadcast(cnd_t* c) {
  if (!is_recording()) return real::cnd_broadcast(c);
  return result_of(::pthread_cond_broadcast(cond(c)));
}

RADDLE_EXPORT void call_once(once_flag* flag, void (*function)()) {
  if (!is_recording()) return real::call_once(flag, function);
  ::pthread_once(reinterpret_cast<pthread_once_t*>(flag), function);
}
