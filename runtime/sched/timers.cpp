// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/timers.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "runtime/record/runtime_threads.h"
#include "runtime/record/say.h"
#include "runtime/sched/futex.h"
#include "runtime/sched/park.h"
#include "runtime/sched/policy.h"
#include "runtime/sched/thread.h"
#include "runtime/sched/workers.h"

namespace raddle::sched {
namespace {

// How long a worker may be late before the timers' thread fires in its place.
constexpr std::int64_t kGraceNs = 500'000;

constinit TimerShelf g_of_threads;  // and what is ours
constinit std::atomic<bool> g_is_started{false};

// What the timers' thread sleeps for; 0: it is awake. An armer stores a shelf's earliest moment and
// then looks here; the thread stores this and then looks at the shelves; a full fence stands
// between the two on both sides, so one of them sees the other.
constinit std::atomic<std::int64_t> g_sleeps_until{0};
constinit std::atomic<std::uint32_t> g_alarm{0};

template <typename F>
void for_each_worker(F f) {
  const int count = worker_count();
  for (int i = 0; i < count; ++i) {
    if (Worker* one = worker(i)) f(*one);
  }
}

std::int64_t with_grace(std::int64_t when_ns) {
  return when_ns > kNever - kGraceNs ? kNever : when_ns + kGraceNs;
}

// When the timers' thread has something to do.
std::int64_t next_ns() {
  std::int64_t next = g_of_threads.earliest_ns();
  for_each_worker(
      [&](const Worker& one) { next = std::min(next, with_grace(one.timers.earliest_ns())); });
  return next;
}

void fire_due(TimerShelf& shelf, std::int64_t now) {
  if (record::is_on()) record::time_passes();
  DueTimers due;
  do {
    shelf.take_due(now, due);
    Waiter::unpark_all(due.waiters, due.waiter_count);
    for (std::size_t i = 0; i < due.timer_count; ++i) {
      tsan_acquire(due.timers[i]);
      due.timers[i]->fire(*due.timers[i]);
    }
  } while (due.may_be_more);
}

void fire_all_due() {
  const std::int64_t now = now_ns();
  if (g_of_threads.earliest_ns() <= now) fire_due(g_of_threads, now);
  for_each_worker([&](Worker& one) {
    if (with_grace(one.timers.earliest_ns()) <= now) fire_due(one.timers, now);
  });
}

void sleep_until_needed() {
  g_alarm.exchange(0, std::memory_order_acq_rel);  // acquire: what it was set for
  const std::int64_t next = next_ns();
  g_sleeps_until.store(next, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (next_ns() < next) {
    // Somebody was faster: look again.
  } else if (next == kNever) {
    const record::BlockedForEver blocked;
    futex_wait(g_alarm, 0);
  } else {
    futex_wait(g_alarm, 0, next);
  }
  g_sleeps_until.store(0, std::memory_order_relaxed);
}

void wake_for(std::int64_t when_ns) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (when_ns >= g_sleeps_until.load(std::memory_order_relaxed)) return;
  if (g_alarm.exchange(1, std::memory_order_acq_rel) == 0) futex_wake(g_alarm);
}

void run_timers(void*) {
  if (record::is_on()) {
    record::name_object(trace::ObjectType::kTask, record::current_task(), "raddle timers");
  }
  pthread_setname_np(pthread_self(), "raddle timers");
  for (;;) {
    fire_all_due();
    sleep_until_needed();
  }
}

void forget_thread_after_fork() {
  g_of_threads.clear();
  g_is_started.store(false, std::memory_order_relaxed);
  g_sleeps_until.store(0, std::memory_order_relaxed);
  g_alarm.store(0, std::memory_order_relaxed);
}

// Where it is looked after: with this worker, if there is one.
TimerShelf& shelf_for(const Timer& timer) {
  Worker* worker = timer.is_ours ? nullptr : this_worker();
  return worker != nullptr ? worker->timers : g_of_threads;
}

}  // namespace

std::int64_t task_time_ns() noexcept { return g_policy != nullptr ? g_policy->now_ns() : now_ns(); }

bool ensure_timers() noexcept {
  if (g_policy != nullptr) return true;
  // Relaxed: starting the thread orders what it reads.
  if (g_is_started.load(std::memory_order_relaxed)) return true;
  if (g_is_started.exchange(true, std::memory_order_relaxed)) return true;
  static constinit bool is_registered = false;
  if (!is_registered) pthread_atfork(nullptr, nullptr, forget_thread_after_fork);
  is_registered = true;
  if (start_thread(run_timers, nullptr)) return true;
  g_is_started.store(false, std::memory_order_relaxed);
  return false;
}

void do_without_timers_thread() noexcept { g_is_started.store(true, std::memory_order_relaxed); }

void arm(Timer& timer) noexcept {
  if (g_policy != nullptr) return g_policy->arm(timer);
  tsan_release(&timer);
  TimerShelf& shelf = shelf_for(timer);
  const std::int64_t when_ns = timer.when_ns;  // from add() on it may fire and be gone
  if (shelf.add(timer)) wake_for(&shelf == &g_of_threads ? when_ns : with_grace(when_ns));
  if (ensure_timers()) return;
  record::say({"raddle: the system gives no thread for timers"});
  ::_exit(2);
}

void fire(Timer& timer) noexcept {
  if (timer.waiter == nullptr) return timer.fire(timer);
  Waiter* waiter = timer.waiter;
  if (waiter->claim(Waiter::kTimedOut)) waiter->unpark();
}

bool cancel(Timer& timer) noexcept {
  if (g_policy != nullptr) return g_policy->cancel(timer);
  // Who cancels a timer that may be armed again holds the lock under which it is.
  TimerShelf* shelf = timer.shelf.load(std::memory_order_acquire);
  return shelf != nullptr && shelf->take_out(timer);
}

std::size_t armed_timers() noexcept {
  std::size_t armed = g_of_threads.size();
  for_each_worker([&](Worker& one) { armed += one.timers.size(); });
  return armed;
}

bool has_due_timers(const Worker* worker) noexcept {
  const std::int64_t earliest = worker->timers.earliest_ns();
  return earliest != kNever && earliest <= now_ns();
}

void fire_due_timers(Worker* worker) noexcept {
  if (worker->timers.earliest_ns() == kNever) return;
  const std::int64_t now = now_ns();
  if (worker->timers.earliest_ns() > now) return;
  become_itself(worker);  // a timer is nobody's task
  fire_due(worker->timers, now);
}

void forget_timers_of_workers() noexcept {
  for_each_worker([](Worker& one) { one.timers.clear(); });
}

}  // namespace raddle::sched
