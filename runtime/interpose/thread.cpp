// SPDX-License-Identifier: Apache-2.0
// Creation, end, join and detachment of threads.
#include "runtime/interpose/thread.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/threads.h"
#include "runtime/interpose/turns.h"
#include "runtime/interpose/watchdog.h"
#include "runtime/record/again.h"
#include "runtime/record/runtime_threads.h"

namespace raddle::interpose {
namespace {

using trace::Kind;
using trace::TaskId;

// Its destructor sees the end of a thread however it comes: return, pthread_exit, cancellation. The
// value counts down the rounds of destructors, so that the program's own run before.
pthread_key_t g_end_key;
bool g_has_end_key = false;

// The system unlocks the robust mutexes of a thread that ends (get_robust_list(2)); an entry's
// lowest bit marks one with priority inheritance.
void note_abandoned_locks() {
  robust_list_head* head = nullptr;
  std::size_t bytes = 0;
  if (real::syscall(SYS_get_robust_list, 0, reinterpret_cast<long>(&head),
                    reinterpret_cast<long>(&bytes), 0, 0, 0) != 0) {
    return;
  }
  const auto end = reinterpret_cast<std::uintptr_t>(&head->list);
  auto at = reinterpret_cast<std::uintptr_t>(head->list.next) & ~std::uintptr_t{1};
  while (at != end) {
    note(Kind::kMutexUnlock,
         reinterpret_cast<const void*>(at + static_cast<std::uintptr_t>(head->futex_offset)));
    const auto* entry = reinterpret_cast<const robust_list*>(at);
    at = reinterpret_cast<std::uintptr_t>(entry->next) & ~std::uintptr_t{1};
  }
}

void note_end(bool is_main) {
  note_abandoned_locks();
  ThreadRecord* record = t_self.record;
  const TaskId id = record != nullptr ? record->id : record::current_task();
  note({.kind = Kind::kTaskEnd, .object = id});
  if (t_self.stack_low != nullptr) note(Kind::kStackEnd, t_self.stack_low, 0, t_self.stack_bytes);
  {
    const InRuntime in_runtime;
    record::detach_thread();
  }
  t_self.is_gone = true;
  t_self.record = nullptr;
  if (record != nullptr) threads::ended(record);
  watchdog::thread_ended(is_main);
  if (record::g_turns != nullptr) record::g_turns->end_thread(id);
}

void on_end(void* rounds_left) {
  const auto rounds = reinterpret_cast<std::uintptr_t>(rounds_left);
  if (rounds > 1) {
    pthread_setspecific(g_end_key, reinterpret_cast<void*>(rounds - 1));
  } else if (record::is_on()) {
    note_end(t_self.is_main);
  } else if (record::g_turns != nullptr && t_self.record != nullptr) {
    record::g_turns->end_thread(t_self.record->id);
  }
}

void arm_end() {
  if (g_has_end_key) {
    pthread_setspecific(g_end_key,
                        reinterpret_cast<void*>(std::uintptr_t{PTHREAD_DESTRUCTOR_ITERATIONS}));
  }
}

void begin_self(ThreadRecord* record) {
  t_self.record = record;
  record->tid.store(own_tid(), std::memory_order_release);
}

// The stack with all that glibc keeps on it: thread-local variables and its own descriptor.
void note_stack() {
  pthread_attr_t attributes;
  {
    const InRuntime in_runtime;  // it allocates
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
    pthread_attr_getstack(&attributes, &t_self.stack_low, &t_self.stack_bytes);
    pthread_attr_destroy(&attributes);
  }
  note(Kind::kStackBegin, t_self.stack_low, 0, t_self.stack_bytes);
}

bool takes_turns(bool is_worker) { return record::g_turns != nullptr && !is_worker; }

void* run_thread(void* argument) {
  auto* record = static_cast<ThreadRecord*>(argument);
  void* (*const function)(void*) = record->function;
  void* const function_argument = record->argument;
  if (takes_turns(record->is_worker)) record::g_turns->begin_thread(record->id);
  {
    const InRuntime in_runtime;
    record::attach_thread(record->id);
  }
  threads::list(record, pthread_self());
  begin_self(record);
  arm_end();
  // First, as only its number says that what follows comes after the spawn.
  note({.kind = Kind::kTaskBegin, .object = record->id});
  note_stack();
  return function(function_argument);
}

bool is_detached(const pthread_attr_t* attributes) {
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  return state == PTHREAD_CREATE_DETACHED;
}

std::uint32_t spawn_flags(bool is_worker, bool is_detached) {
  return trace::kThread | (is_detached ? 0u : trace::kJoinable) | (is_worker ? trace::kWorker : 0u);
}

// A child that never was: gone at once, so that nobody misses it.
void note_failed(TaskId id) {
  note({.kind = Kind::kTaskDetach, .object = id});
  note({.kind = Kind::kTaskEnd, .object = id, .actor = id});
}

int create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*),
           void* argument) {
  watchdog::start();
  const bool is_worker = record::t_creates_worker;
  if (takes_turns(is_worker)) record::g_turns->before_operation(record::Turns::own_matter());
  const TaskId id = record::new_task_id();
  const bool detached = is_detached(attributes);
  ThreadRecord* record = threads::make(id, detached);
  if (record == nullptr) return real::pthread_create(thread, attributes, function, argument);
  record->function = function;
  record->argument = argument;
  record->is_worker = is_worker;
  note({.kind = Kind::kTaskSpawn, .object = id, .index = spawn_flags(is_worker, detached)});
  if (takes_turns(is_worker)) record::g_turns->add_thread(id);
  // What it allocates is an event like any other: a join, or another thread's end, frees it.
  const int status = real::pthread_create(thread, attributes, run_thread, record);
  if (status == 0) {
    threads::list(record, *thread);
  } else {
    if (takes_turns(is_worker)) record::g_turns->drop_thread(id);
    note_failed(id);
  }
  threads::creator_done(record, status == 0);
  return status;
}

// Tries first, so that only a join that blocks is recorded as a wait.
template <typename Join>
int join(pthread_t thread, void** result, const Deadline& deadline, Join&& blocking_join) {
  const TaskId id = threads::find(thread);
  record::Turns* turns = id != 0 ? own_turns() : nullptr;
  if (turns != nullptr) turns->before_operation(record::Turns::end_of(id));
  int status =
      turns != nullptr && !turns->has_ended(id) ? EBUSY : real::pthread_tryjoin_np(thread, result);
  if (status == EBUSY) {
    const bool is_timed = deadline.at != nullptr;
    if (id != 0) {
      note({.kind = Kind::kJoinWait, .object = id, .index = is_timed ? trace::kTimed : 0u});
    }
    const Blocked blocked(is_timed ? Until::kTime : Until::kWoken, nullptr);
    if (turns != nullptr && !wait_by_turns(*turns, record::Turns::end_of(id), deadline, [&] {
          real::pthread_testcancel();
          return turns->has_ended(id);
        })) {
      return ETIMEDOUT;
    }
    status = blocking_join();
  }
  if (status == 0 && id != 0) {
    threads::joined(thread, id);
    note({.kind = Kind::kTaskJoin, .object = id});
  }
  return status;
}

}  // namespace

void begin_main_thread() noexcept {
  g_has_end_key = pthread_key_create(&g_end_key, on_end) == 0;
  t_self.is_main = true;
  ThreadRecord* record = threads::make(record::current_task(), false);
  if (record == nullptr) return;
  threads::list(record, pthread_self());
  threads::creator_done(record, true);
  begin_self(record);
  arm_end();
}

}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

RADDLE_EXPORT int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                 void* (*function)(void*), void* argument) {
  raddle::record::start_in_forked_child();
  if (!is_recording()) return real::pthread_create(thread, attributes, function, argument);
  return create(thread, attributes, function, argument);
}

RADDLE_EXPORT int pthread_join(pthread_t thread, void** result) {
  if (!is_recording()) return real::pthread_join(thread, result);
  return join(thread, result, {}, [&] { return real::pthread_join(thread, result); });
}

RADDLE_EXPORT int pthread_tryjoin_np(pthread_t thread, void** result) {
  if (!is_recording()) return real::pthread_tryjoin_np(thread, result);
  const raddle::trace::TaskId id = threads::find(thread);
  const int status = real::pthread_tryjoin_np(thread, result);
  if (status == 0 && id != 0) {
    threads::joined(thread, id);
    note({.kind = Kind::kTaskJoin, .object = id});
  }
  return status;
}

RADDLE_EXPORT int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* at) {
  if (!is_recording()) return real::pthread_timedjoin_np(thread, result, at);
  return join(thread, result, {CLOCK_REALTIME, at},
              [&] { return real::pthread_timedjoin_np(thread, result, at); });
}

RADDLE_EXPORT int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock,
                                       const timespec* at) {
  if (!is_recording()) return real::pthread_clockjoin_np(thread, result, clock, at);
  return join(thread, result, {clock, at},
              [&] { return real::pthread_clockjoin_np(thread, result, clock, at); });
}

RADDLE_EXPORT int pthread_detach(pthread_t thread) {
  if (!is_recording()) return real::pthread_detach(thread);
  if (const raddle::trace::TaskId id = threads::find(thread); id != 0) {
    note({.kind = Kind::kTaskDetach, .object = id});
    threads::detached(thread);  // before: its handle may be another's right after
  }
  return real::pthread_detach(thread);
}

RADDLE_EXPORT int pthread_cancel(pthread_t thread) {
  if (!is_recording()) return real::pthread_cancel(thread);
  before_operation(nullptr);
  const int status = real::pthread_cancel(thread);
  if (raddle::record::g_turns != nullptr) {
    raddle::record::g_turns->interrupt(threads::find(thread));
  }
  return status;
}

// Who looks again and again whether it is cancelled waits for who does so, as one that yields.
RADDLE_EXPORT void pthread_testcancel() {
  if (is_recording()) {
    if (raddle::record::Turns* turns = own_turns()) turns->thread_yields();
  }
  real::pthread_testcancel();
}

RADDLE_EXPORT int pthread_setname_np(pthread_t thread, const char* name) {
  if (is_recording()) {
    const InRuntime in_runtime;
    if (const raddle::trace::TaskId id = threads::find(thread); id != 0) {
      raddle::record::name_object(raddle::trace::ObjectType::kTask, id, name);
    }
  }
  return real::pthread_setname_np(thread, name);
}
