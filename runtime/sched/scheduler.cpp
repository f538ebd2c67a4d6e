// SPDX-License-Identifier: Apache-2.0
// A task that leaves switches straight to the next one where there is one, else to its worker's own
// stack, which searches and sleeps. Whoever arrives settles the one that left: only then is its
// stack free to be entered by another worker.
#include "runtime/sched/scheduler.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "runtime/sched/futex.h"
#include "runtime/sched/monitor.h"
#include "runtime/sched/panic.h"
#include "runtime/sched/policy.h"
#include "runtime/sched/timers.h"
#include "runtime/sched/work.h"
#include "runtime/sched/workers.h"

namespace raddle::sched {
namespace {

__thread Worker* t_worker __attribute__((tls_model("initial-exec"))) = nullptr;
__thread std::uint64_t t_random __attribute__((tls_model("initial-exec"))) = 0;

// What a task asked for when it left.
void settle(Worker* worker, Task* task) {
  switch (worker->leave) {
    case Leave::kYield:
      return make_runnable(worker, task, false);
    case Leave::kHandOver:
      return;
    case Leave::kPark: {
      TaskState expected = TaskState::kRunning;
      // acq_rel: who wakes it finds all of it saved; what its waker did is seen.
      if (task->state.compare_exchange_strong(expected, TaskState::kParked,
                                              std::memory_order_acq_rel)) {
        return;
      }
      task->state.store(TaskState::kRunning, std::memory_order_relaxed);
      return make_runnable(worker, task, true);
    }
    case Leave::kEnd:
      return free_task(task, worker);
  }
}

// Says that this thread runs `to` from now on; on the stack that is left.
void prepare(Worker* worker, Task* to) {
  worker->task.store(to, std::memory_order_relaxed);
  if (to == nullptr) return;
  worker->tick();
  if (record::is_on()) [[unlikely]] {
    record::switch_to(to->id, worker->runs_recorded_task ? nullptr : &worker->call, to->call,
                      !std::exchange(to->has_begun, true));
    worker->runs_recorded_task = true;
  }
}

// Leaves `task`'s stack for that of `to`; null: for the worker's.
[[gnu::always_inline]] inline void leave(Worker* worker, Task* task, Leave why, Task* to) {
  worker->leave = why;
  worker->leaving = task;
  if (record::is_on()) [[unlikely]]
    task->call = record::call_state();
  prepare(worker, to);
  switch_fiber(worker->exceptions, task->fiber, to != nullptr ? to->fiber : worker->home,
               why == Leave::kEnd);
  arrive();
  tsan_acquire(task);
}

// A worker says what it takes and then looks whether all is frozen; come_to_rest() freezes and then
// looks who runs what. seq_cst: one of the two sees the other.
bool gives_back(Worker* worker, Task* task) {
  if (g_policy != nullptr) return false;
  worker->task.store(task, std::memory_order_seq_cst);
  if (!g_is_frozen.load(std::memory_order_seq_cst)) return false;
  worker->task.store(nullptr, std::memory_order_relaxed);
  make_runnable(worker, task, false);
  return true;
}

// The trace need not say that the one has left: it says that the other goes on.
void hand_over(Worker* worker, Task* task, Task* to) {
  if (record::is_on()) record::time_passes();
  leave(worker, task, Leave::kHandOver, to);
}

// Whether what comes next is decided on the worker's own stack.
bool must_go_home(const Worker* worker) {
  return g_policy != nullptr || must_stop() ||
         worker->away.load(std::memory_order_relaxed) != Away::kHere ||
         (is_time_to_look_around(worker) && has_due_timers(worker));
}

// What may run next without going there first.
Task* find_at_once(Worker* worker) {
  if (must_go_home(worker)) [[unlikely]]
    return nullptr;
  return find_own(worker);
}

}  // namespace

[[gnu::noinline]] Worker* this_worker() noexcept {
  asm volatile("" ::: "memory");
  return t_worker;
}

[[gnu::noinline]] Task* current_task() noexcept {
  asm volatile("" ::: "memory");
  return t_worker == nullptr ? nullptr : t_worker->current();
}

void arrive() noexcept {
  if (!record::is_on()) [[likely]]
    record::forget_calls();
  Worker* worker = this_worker();
  Task* left = worker->leaving;
  if (left == nullptr) return;  // it came from the worker's own stack
  worker->leaving = nullptr;
  settle(worker, left);
}

void yield() noexcept {
  Worker* worker = this_worker();
  Task* task = worker != nullptr ? worker->current() : nullptr;
  if (task == nullptr) {
    if (g_policy != nullptr) return g_policy->thread_yields();
    ::sched_yield();
    return;
  }
  if (g_policy != nullptr) {
    if (Task* chosen = g_policy->task_yields()) return hand_over(worker, task, chosen);
  }
  Task* to = find_at_once(worker);
  if (to == nullptr && !must_go_home(worker)) {
    worker->tick();  // or the global queue is never looked at
    return;
  }
  if (record::is_on()) [[unlikely]] {
    record::event({.kind = trace::Kind::kTaskSuspend, .object = task->id, .index = 1});
  }
  leave(worker, task, Leave::kYield, to);
}

void park(Task* task) noexcept {
  // acquire: what the waker did.
  if (task->state.load(std::memory_order_acquire) == TaskState::kNotified) {
    task->state.store(TaskState::kRunning, std::memory_order_relaxed);
    tsan_acquire(task);
    return;
  }
  // The trace need not say that it leaves where it has said that it waits, as all primitives do.
  if (g_policy != nullptr && record::is_on()) {
    record::event({.kind = trace::Kind::kTaskSuspend, .object = task->id, .is_at_once = true});
  }
  Worker* worker = this_worker();
  leave(worker, task, Leave::kPark, find_at_once(worker));
}

bool end_park(Task* task) noexcept {
  tsan_release(task);
  // acq_rel: it sees what was done for it; all of it has been saved when it was parked.
  if (task->state.exchange(TaskState::kNotified, std::memory_order_acq_rel) != TaskState::kParked) {
    return false;  // it is still leaving, and will see this
  }
  task->state.store(TaskState::kRunning, std::memory_order_relaxed);
  if (record::is_on()) [[unlikely]] {
    record::event({.kind = trace::Kind::kTaskReady, .object = task->id, .is_at_once = true});
  }
  return true;
}

void wake(Task* task, bool is_next) noexcept {
  if (end_park(task)) make_runnable(this_worker(), task, is_next);
}

void leave_for_good() noexcept {
  Worker* worker = this_worker();
  leave(worker, worker->current(), Leave::kEnd, find_at_once(worker));
  __builtin_unreachable();
}

void run_worker(void* argument) {
  auto* worker = static_cast<Worker*>(argument);
  t_worker = worker;
  worker->tid.store(::gettid(), std::memory_order_relaxed);
  know_home(worker->home);
  worker->exceptions = exceptions_of_this_thread();
  char name[32];
  std::snprintf(name, sizeof name, "raddle worker %u", worker->number);
  if (record::is_on()) {
    record::name_object(trace::ObjectType::kTask, record::current_task(), name);
  }
  name[15] = 0;  // the kernel's limit
  pthread_setname_np(pthread_self(), name);
  give_signal_stack();
  for (;;) {
    Task* task = find_task(worker);
    if (record::is_on()) [[unlikely]] {
      if (gives_back(worker, task)) continue;
      record::time_passes();
    }
    prepare(worker, task);
    keep_watched();
    switch_fiber(worker->exceptions, worker->home, task->fiber, false);
    forget_registers();
    arrive();
  }
}

[[gnu::noinline]] std::uint32_t random_number() noexcept {
  asm volatile("" ::: "memory");
  if (t_random == 0) t_random = static_cast<std::uint64_t>(now_ns()) | 1;
  t_random ^= t_random << 13;
  t_random ^= t_random >> 7;
  t_random ^= t_random << 17;
  return static_cast<std::uint32_t>(t_random >> 32);
}

std::size_t pick(std::size_t count) noexcept {
  if (g_policy != nullptr) [[unlikely]]
    return g_policy->pick(count);
  return random_number() % count;
}

}  // namespace raddle::sched
