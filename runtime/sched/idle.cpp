// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/idle.h"

#include "runtime/record/runtime_threads.h"
#include "runtime/sched/spin_lock.h"
#include "runtime/sched/work.h"
#include "runtime/sched/workers.h"

namespace raddle::sched {
namespace {

constinit std::atomic<std::uint32_t> g_lock{0};  // guards the list
Worker* g_idle_list = nullptr;
constinit std::atomic<int> g_idle{0};       // length of the list
constinit std::atomic<int> g_searching{0};  // workers that look for work in others' queues

// Its caller has counted it as searching. False: no worker is idle.
bool ring_idle_worker() {
  Worker* worker = nullptr;
  {
    const SpinGuard guard(g_lock);
    worker = g_idle_list;
    if (worker == nullptr) return false;
    g_idle_list = worker->next_idle;
    g_idle.store(g_idle.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  }
  worker->is_searching = true;
  ring(worker);
  return true;
}

// The worker that is woken counts as searching from here on, so that not all are woken at once.
void wake_idle_worker() {
  int expected = 0;
  if (!g_searching.compare_exchange_strong(expected, 1, std::memory_order_acq_rel)) return;
  if (!ring_idle_worker()) g_searching.fetch_sub(1, std::memory_order_acq_rel);
}

// Takes the worker off the idle list; false: somebody else has and will ring.
bool leave_idle_list(Worker* worker) {
  const SpinGuard guard(g_lock);
  for (Worker** at = &g_idle_list; *at != nullptr; at = &(*at)->next_idle) {
    if (*at != worker) continue;
    *at = worker->next_idle;
    g_idle.store(g_idle.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    return true;
  }
  return false;
}

}  // namespace

void ring(Worker* worker) noexcept {
  worker->alarm.store(1, std::memory_order_release);
  futex_wake(worker->alarm);
}

bool sleep_until_rung(Worker* worker, std::int64_t until_ns) noexcept {
  while (worker->alarm.load(std::memory_order_acquire) == 0) {
    if (until_ns == kNever) {
      const record::BlockedForEver blocked;
      futex_wait(worker->alarm, 0);
    } else if (now_ns() < until_ns) {
      futex_wait(worker->alarm, 0, until_ns);
    } else {
      return false;
    }
  }
  worker->alarm.store(0, std::memory_order_relaxed);
  return true;
}

void wake_another() noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (g_idle.load(std::memory_order_relaxed) == 0) return;
  if (g_searching.load(std::memory_order_relaxed) == 0) wake_idle_worker();
}

void wake_all_idle() noexcept {
  do {
    g_searching.fetch_add(1, std::memory_order_acq_rel);
  } while (ring_idle_worker());
  g_searching.fetch_sub(1, std::memory_order_acq_rel);
}

void idle(Worker* worker) noexcept {
  become_itself(worker);
  {
    const SpinGuard guard(g_lock);
    worker->next_idle = g_idle_list;
    g_idle_list = worker;
    g_idle.store(g_idle.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  if (worker->is_searching) {
    worker->is_searching = false;
    g_searching.fetch_sub(1, std::memory_order_acq_rel);
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!is_frozen() && is_work_anywhere() && leave_idle_list(worker)) {
    worker->is_searching = true;
    g_searching.fetch_add(1, std::memory_order_acq_rel);
    return;
  }
  // While no task may run, the timers' thread fires them.
  const std::int64_t until_ns = is_frozen() ? kNever : worker->timers.earliest_ns();
  if (!sleep_until_rung(worker, until_ns) && !leave_idle_list(worker)) sleep_until_rung(worker);
}

bool begin_searching(Worker* worker) noexcept {
  if (worker->is_searching) return true;
  const int busy =
      g_active.load(std::memory_order_relaxed) - g_idle.load(std::memory_order_relaxed);
  if (2 * g_searching.load(std::memory_order_relaxed) >= busy) return false;
  worker->is_searching = true;
  g_searching.fetch_add(1, std::memory_order_acq_rel);
  return true;
}

void stop_searching(Worker* worker) noexcept {
  if (!worker->is_searching) return;
  worker->is_searching = false;
  // The last one to find work makes another look for more.
  if (g_searching.fetch_sub(1, std::memory_order_acq_rel) == 1) wake_if_useful(worker);
}

void forget_idle() noexcept {
  g_lock.store(0, std::memory_order_relaxed);
  g_idle_list = nullptr;
  g_idle.store(0, std::memory_order_relaxed);
  g_searching.store(0, std::memory_order_relaxed);
}

}  // namespace raddle::sched
