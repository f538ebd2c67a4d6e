// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/timers.h"

#include <pthread.h>
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>

#include "runtime/record/runtime_threads.h"
#include "runtime/sched/futex.h"
#include "runtime/sched/park.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/spin_lock.h"

namespace raddle::sched {
namespace {

constexpr std::size_t kChildren = 4;  // of a node of the heap
constexpr std::size_t kNowhere = SIZE_MAX;

// The heap, earliest first; guarded by g_lock.
constinit std::atomic<std::uint32_t> g_lock{0};
Timer** g_heap = nullptr;
std::size_t g_size = 0;
std::size_t g_capacity = 0;
constinit std::atomic<bool> g_is_started{false};
std::int64_t g_sleeps_until = 0;  // the timers' thread; 0: it is awake
constinit std::atomic<std::uint32_t> g_alarm{0};

void put(std::size_t place, Timer* timer) {
  g_heap[place] = timer;
  timer->place = place;
}

void sift_up(std::size_t place, Timer* timer) {
  while (place > 0) {
    const std::size_t parent = (place - 1) / kChildren;
    if (g_heap[parent]->when_ns <= timer->when_ns) break;
    put(place, g_heap[parent]);
    place = parent;
  }
  put(place, timer);
}

void sift_down(std::size_t place, Timer* timer) {
  for (;;) {
    std::size_t least = kNowhere;
    const std::size_t first = place * kChildren + 1;
    for (std::size_t child = first; child < first + kChildren && child < g_size; ++child) {
      if (least == kNowhere || g_heap[child]->when_ns < g_heap[least]->when_ns) least = child;
    }
    if (least == kNowhere || g_heap[least]->when_ns >= timer->when_ns) break;
    put(place, g_heap[least]);
    place = least;
  }
  put(place, timer);
}

void take_out(Timer& timer) {
  const std::size_t place = timer.place;
  timer.place = kNowhere;
  Timer* last = g_heap[--g_size];
  if (last == &timer) return;
  if (place > 0 && last->when_ns < g_heap[(place - 1) / kChildren]->when_ns) {
    sift_up(place, last);
  } else {
    sift_down(place, last);
  }
}

// Not from the program's allocator: that would be an event between a task's wait and its sleep.
void grow() {
  const std::size_t capacity = g_capacity == 0 ? 512 : g_capacity * 2;
  void* memory = ::mmap(nullptr, capacity * sizeof(Timer*), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  if (g_size != 0) std::memcpy(memory, g_heap, g_size * sizeof(Timer*));
  if (g_heap != nullptr) ::munmap(g_heap, g_capacity * sizeof(Timer*));
  g_heap = static_cast<Timer**>(memory);
  g_capacity = capacity;
}

// Fires the earliest timer if its time has come; else returns when it will. Claims a waiter under
// the lock: after cancel() nobody touches a timer or its waiter any more.
std::int64_t fire_one() {
  lock_spin(g_lock);
  if (g_size == 0 || g_heap[0]->when_ns > now_ns()) {
    const std::int64_t when = g_size == 0 ? kNever : g_heap[0]->when_ns;
    g_sleeps_until = when;
    g_alarm.store(0, std::memory_order_relaxed);
    unlock_spin(g_lock);
    return when;
  }
  Timer& timer = *g_heap[0];
  take_out(timer);
  Waiter* waiter = timer.waiter;
  const bool is_claimed = waiter != nullptr && waiter->claim(Waiter::kTimedOut);
  unlock_spin(g_lock);
  if (is_claimed) waiter->unpark();
  if (waiter == nullptr) timer.fire(timer);
  return 0;
}

void run_timers(void*) {
  if (record::is_on()) {
    record::name_object(trace::ObjectType::kTask, record::current_task(), "raddle timers");
  }
  pthread_setname_np(pthread_self(), "raddle timers");
  for (;;) {
    const std::int64_t when = fire_one();
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
  g_size = 0;
  g_is_started = false;
  g_sleeps_until = 0;
}

}  // namespace

void ensure_timers() noexcept {
  // Relaxed: starting the thread orders what it reads.
  if (g_is_started.load(std::memory_order_relaxed)) return;
  if (g_is_started.exchange(true, std::memory_order_relaxed)) return;
  pthread_atfork(nullptr, nullptr, forget_after_fork);
  start_thread(run_timers, nullptr);
}

void arm(Timer& timer) noexcept {
  lock_spin(g_lock);
  if (g_size == g_capacity) grow();
  sift_up(g_size++, &timer);
  const bool must_wake = timer.when_ns < g_sleeps_until;
  if (must_wake) {
    g_sleeps_until = 0;
    g_alarm.store(1, std::memory_order_relaxed);  // ordered by the lock
  }
  unlock_spin(g_lock);
  if (must_wake) futex_wake(g_alarm);
  ensure_timers();
}

bool cancel(Timer& timer) noexcept {
  const SpinGuard guard(g_lock);
  if (timer.place == kNowhere) return false;
  take_out(timer);
  return true;
}

std::size_t armed_timers() noexcept {
  const SpinGuard guard(g_lock);
  return g_size;
}

}  // namespace raddle::sched
