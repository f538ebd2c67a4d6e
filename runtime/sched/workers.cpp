// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/workers.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "runtime/record/again.h"
#include "runtime/record/system_calls.h"
#include "runtime/sched/idle.h"
#include "runtime/sched/monitor.h"
#include "runtime/sched/panic.h"
#include "runtime/sched/policy.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/spin_lock.h"
#include "runtime/sched/task.h"
#include "runtime/sched/thread.h"
#include "runtime/sched/timers.h"
#include "runtime/sched/work.h"

namespace raddle::sched {
namespace {

constexpr int kMaxThreads = 1024;  // workers, spare ones and those that are away

enum class Phase : std::uint32_t { kNew, kStarting, kStarted };

constinit std::atomic<Phase> g_phase{Phase::kNew};
constinit std::atomic<Worker*> g_workers[kMaxThreads];

constinit std::atomic<std::uint32_t> g_lock{0};  // guards the lists and the creation of workers
Worker* g_spare_list = nullptr;
Worker* g_unborn_list = nullptr;  // whose thread the system refused
__thread bool t_ends_process __attribute__((tls_model("initial-exec"))) = false;

// A new one, without a thread. Null: there are too many, or no memory.
Worker* make_worker() {
  void* memory = nullptr;
  if (::posix_memalign(&memory, alignof(Worker), sizeof(Worker)) != 0) return nullptr;
  auto* worker = new (memory) Worker;
  const SpinGuard guard(g_lock);
  const int number = g_worker_count.load(std::memory_order_relaxed);
  if (number == kMaxThreads) {
    std::free(memory);
    return nullptr;
  }
  worker->number = static_cast<std::uint32_t>(number) + 1;
  g_workers[number].store(worker, std::memory_order_release);
  g_worker_count.store(number + 1, std::memory_order_release);
  return worker;
}

Worker* take_first(Worker*& list) {
  const SpinGuard guard(g_lock);
  Worker* worker = list;
  if (worker != nullptr) list = worker->next_idle;
  return worker;
}

void put_first(Worker*& list, Worker* worker) {
  const SpinGuard guard(g_lock);
  worker->next_idle = list;
  list = worker;
}

// False: the system gives no thread.
bool start_new_worker() {
  Worker* worker = take_first(g_unborn_list);
  if (worker == nullptr) worker = make_worker();
  if (worker == nullptr) return false;
  if (start_thread(run_worker, worker)) return true;
  put_first(g_unborn_list, worker);
  return false;
}

int procs_from_environment() {
  const char* text = std::getenv("RADDLE_MAXPROCS");
  int n = text != nullptr ? std::atoi(text) : 0;
  if (n <= 0) {
    cpu_set_t set;
    n = ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  }
  return std::clamp(n, 1, kMaxWorkers);
}

void know_procs() {
  int expected = 0;
  if (g_procs.load(std::memory_order_relaxed) != 0) return;
  g_procs.compare_exchange_strong(expected, procs_from_environment(), std::memory_order_relaxed);
}

// In the child of a fork only the calling thread is left: what the others held is forgotten.
void forget_after_fork() {
  // What goes on is the child's main, also where a task has forked.
  if (Task* task = current_task()) task->id = record::kMain;
  g_lock.store(0, std::memory_order_relaxed);
  g_spare_list = g_unborn_list = nullptr;
  forget_timers_of_workers();
  g_active.store(0, std::memory_order_relaxed);
  g_worker_count.store(0, std::memory_order_relaxed);
  forget_idle();
  forget_work();
  forget_monitor();
  g_phase.store(Phase::kNew, std::memory_order_relaxed);
}

void freeze_at_exit() { freeze(); }

}  // namespace

bool has_workers() noexcept { return g_phase.load(std::memory_order_acquire) == Phase::kStarted; }

bool start_workers() noexcept {
  for (;;) {
    Phase expected = Phase::kNew;
    if (g_phase.compare_exchange_strong(expected, Phase::kStarting, std::memory_order_acq_rel)) {
      break;
    }
    if (expected == Phase::kStarted) return true;
    record::yield_processor();
  }
  static constinit bool is_registered = false;
  if (!is_registered) {
    is_registered = true;
    std::atexit(freeze_at_exit);
    pthread_atfork(nullptr, nullptr, forget_after_fork);
  }
  know_procs();
  begin_panics();
  describe_for_debuggers();
  // Here, so that what starting that thread records is not said of some task.
  const bool has_timers = ensure_timers();
  const int procs = g_procs.load(std::memory_order_relaxed);
  int started = 0;
  while (has_timers && started < procs && add_worker()) ++started;
  if (g_policy != nullptr && started != 0) g_policy->wait_for_worker();
  g_phase.store(started != 0 ? Phase::kStarted : Phase::kNew, std::memory_order_release);
  return started != 0;
}

bool add_worker() noexcept {
  g_active.fetch_add(1, std::memory_order_acq_rel);
  if (Worker* spare = take_first(g_spare_list)) {
    ring(spare);
    return true;
  }
  if (start_new_worker()) return true;
  g_active.fetch_sub(1, std::memory_order_acq_rel);
  return false;
}

void become_itself(Worker* worker) noexcept {
  if (!worker->runs_recorded_task) return;
  worker->runs_recorded_task = false;
  record::switch_to(0, nullptr, worker->call);
}

void retire_if_too_many(Worker* worker) noexcept {
  int active = g_active.load(std::memory_order_relaxed);
  do {
    if (active <= g_procs.load(std::memory_order_relaxed)) return;
  } while (!g_active.compare_exchange_weak(active, active - 1, std::memory_order_acq_rel));
  give_up_queue(worker);
  become_itself(worker);
  stop_searching(worker);
  put_first(g_spare_list, worker);
  wake_if_useful(worker);
  sleep_until_rung(worker);
}

const void* workers_for_debuggers() noexcept { return g_workers; }
int worker_count() noexcept { return g_worker_count.load(std::memory_order_acquire); }
Worker* worker(int i) noexcept { return g_workers[i].load(std::memory_order_acquire); }
std::size_t active_workers() noexcept {
  return static_cast<std::size_t>(std::max(1, g_active.load(std::memory_order_relaxed)));
}

int max_procs(int n) noexcept {
  know_procs();
  if (n <= 0) return g_procs.load(std::memory_order_relaxed);
  const int before = g_procs.exchange(std::clamp(n, 1, kMaxWorkers), std::memory_order_relaxed);
  if (has_workers()) {
    while (g_active.load(std::memory_order_relaxed) < g_procs.load(std::memory_order_relaxed) &&
           add_worker()) {
    }
  }
  return before;
}

void freeze() noexcept {
  t_ends_process = true;
  g_is_frozen.store(true, std::memory_order_seq_cst);
}

void come_to_rest() noexcept {
  constexpr int kMostMilliseconds = 100;
  freeze();
  const std::size_t own = current_task() != nullptr ? 1 : 0;
  for (int i = 0; i < kMostMilliseconds && running_tasks() > own; ++i) {
    const timespec millisecond = {.tv_sec = 0, .tv_nsec = 1'000'000};
    ::syscall(SYS_nanosleep, &millisecond, nullptr);  // past policies' and recorders' own
  }
}

void thaw_for_this_thread() noexcept {
  if (!t_ends_process) return;
  t_ends_process = false;
  g_is_frozen.store(false, std::memory_order_seq_cst);
  wake_all_idle();
}

}  // namespace raddle::sched
