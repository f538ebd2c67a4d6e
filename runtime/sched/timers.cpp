// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/timers.h"

#include <pthread.h>
#include <unistd.h>

#include "runtime/record/runtime_threads.h"
#include "runtime/record/say.h"
#include "runtime/sched/futex.h"
#include "runtime/sched/park.h"
#include "runtime/sched/policy.h"
#include "runtime/sched/spin_lock.h"
#include "runtime/sched/thread.h"

namespace raddle::sched {
namespace {

// Most that are fired under one hold of the lock.
constexpr std::size_t kBatch = 64;

// Guards the heap and what follows.
constinit std::atomic<std::uint32_t> g_lock{0};
constinit TimerHeap g_heap;
std::size_t g_ours = 0;  // in the heap: the runtime's own
constinit std::atomic<bool> g_is_started{false};
std::int64_t g_sleeps_until = 0;  // the timers' thread; 0: it is awake
constinit std::atomic<std::uint32_t> g_alarm{0};

// What has come due together.
struct Due {
  Waiter* waiters[kBatch];
  Timer* timers[kBatch];
  std::size_t waiter_count = 0;
  std::size_t timer_count = 0;
};

// Takes the timers that are due off the heap. Returns when the next one is; 0: there may be more
// now.
std::int64_t pop_due(Timer** timers, std::size_t& count) {
  const std::int64_t now = now_ns();
  while (count < kBatch) {
    const std::int64_t when = g_heap.earliest_ns();
    if (when > now) return count == 0 ? when : 0;
    timers[count] = g_heap.pop();
    __builtin_prefetch(timers[count], 1);  // they lie on stacks that nobody has touched for long
    ++count;
  }
  return 0;
}

// Claims waiters under the lock: after cancel() nobody touches a timer or its waiter any more.
std::int64_t take_due(Due& due) {
  const SpinGuard guard(g_lock);
  Timer* timers[kBatch];
  std::size_t count = 0;
  const std::int64_t when = pop_due(timers, count);
  for (std::size_t i = 0; i < count; ++i) {
    timers[i]->place = TimerHeap::kNowhere;
    g_ours -= timers[i]->is_ours ? 1 : 0;
    Waiter* waiter = timers[i]->waiter;
    if (waiter == nullptr) {
      due.timers[due.timer_count++] = timers[i];
    } else if (waiter->claim(Waiter::kTimedOut)) {
      waiter->prefetch();
      due.waiters[due.waiter_count++] = waiter;
    }
  }
  if (when != 0) {
    g_sleeps_until = when;
    g_alarm.store(0, std::memory_order_relaxed);
  }
  return when;
}

std::int64_t fire_due() {
  Due due;
  const std::int64_t when = take_due(due);
  Waiter::unpark_all(due.waiters, due.waiter_count);
  for (std::size_t i = 0; i < due.timer_count; ++i) {
    tsan_acquire(due.timers[i]);
    due.timers[i]->fire(*due.timers[i]);
  }
  return when;
}

void run_timers(void*) {
  if (record::is_on()) {
    record::name_object(trace::ObjectType::kTask, record::current_task(), "raddle timers");
  }
  pthread_setname_np(pthread_self(), "raddle timers");
  for (;;) {
    const std::int64_t when = fire_due();
    if (when == 0) continue;
    if (when == kNever) {
      const record::BlockedForEver blocked;
      futex_wait(g_alarm, 0);
    } else {
      futex_wait(g_alarm, 0, when);
    }
  }
}

void forget_after_fork() {
  g_lock.store(0, std::memory_order_relaxed);
  g_heap.clear();
  g_ours = 0;
  g_is_started = false;
  g_sleeps_until = 0;
}

}  // namespace

std::int64_t task_time_ns() noexcept { return g_policy != nullptr ? g_policy->now_ns() : now_ns(); }

bool ensure_timers() noexcept {
  if (g_policy != nullptr) return true;
  // Relaxed: starting the thread orders what it reads.
  if (g_is_started.load(std::memory_order_relaxed)) return true;
  if (g_is_started.exchange(true, std::memory_order_relaxed)) return true;
  static constinit bool is_registered = false;
  if (!is_registered) pthread_atfork(nullptr, nullptr, forget_after_fork);
  is_registered = true;
  if (start_thread(run_timers, nullptr)) return true;
  g_is_started.store(false, std::memory_order_relaxed);
  return false;
}

void arm(Timer& timer) noexcept {
  if (g_policy != nullptr) return g_policy->arm(timer);
  tsan_release(&timer);
  lock_spin(g_lock);
  timer.place = g_heap.add(timer.when_ns, &timer);
  g_ours += timer.is_ours ? 1 : 0;
  const bool must_wake = timer.when_ns < g_sleeps_until;
  if (must_wake) {
    g_sleeps_until = 0;
    g_alarm.store(1, std::memory_order_relaxed);  // ordered by the lock
  }
  unlock_spin(g_lock);
  if (must_wake) futex_wake(g_alarm);
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
  const SpinGuard guard(g_lock);
  if (timer.place == TimerHeap::kNowhere) return false;
  g_heap.take_out(timer.place);
  g_ours -= timer.is_ours ? 1 : 0;
  timer.place = TimerHeap::kNowhere;
  return true;
}

std::size_t armed_timers() noexcept {
  const SpinGuard guard(g_lock);
  return g_heap.size() - g_ours;
}

}  // namespace raddle::sched
