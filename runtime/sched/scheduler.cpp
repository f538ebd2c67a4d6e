// SPDX-License-Identifier: Apache-2.0
// Invariants.
// - A runnable task is in exactly one place: a worker's `next`, a queue, or on a worker.
// - g_active counts the workers that run or look for tasks or are idle; it is above g_procs only
//   while tasks come back from blocking calls, and such workers become spare as soon as they can.
// - No wake-up is lost: who makes a task runnable looks for idle workers afterwards; a worker that
//   becomes idle looks into all queues afterwards; a full fence stands between the two on both
//   sides. While a worker is searching, nobody is woken: it wakes the next one when it has found
//   something, as Go's do.
#include "runtime/sched/scheduler.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "runtime/record/runtime_threads.h"
#include "runtime/sched/futex.h"
#include "runtime/sched/panic.h"
#include "runtime/sched/stacks.h"
#include "runtime/sched/worker.h"

namespace raddle::sched {
namespace {

constexpr int kMaxThreads = 1024;           // workers, spare ones and those in blocking calls
constexpr std::uint32_t kGlobalEvery = 61;  // ticks: see Go's schedule()
constexpr std::uint32_t kMostRunsInTurn = 16;

enum class Phase : std::uint32_t { kNew, kStarting, kStarted };

constinit std::atomic<Phase> g_phase{Phase::kNew};
constinit std::atomic<Worker*> g_workers[kMaxThreads];
constinit std::atomic<int> g_worker_count{0};
constinit GlobalQueue g_global;

constinit std::atomic<std::uint32_t> g_lock{0};  // guards the two lists and the creation of workers
Worker* g_idle_list = nullptr;
Worker* g_spare_list = nullptr;
constinit std::atomic<int> g_idle{0};       // length of the list
constinit std::atomic<int> g_searching{0};  // workers that look for work in others' queues
constinit std::atomic<int> g_active{0};
constinit std::atomic<int> g_procs{0};
constinit std::atomic<bool> g_is_frozen{false};
constinit std::atomic<std::size_t> g_live{0};

__thread Worker* t_worker __attribute__((tls_model("initial-exec"))) = nullptr;
__thread bool t_ends_process __attribute__((tls_model("initial-exec"))) = false;
__thread std::uint64_t t_random __attribute__((tls_model("initial-exec"))) = 0;

struct ThreadStart {
  void (*run)(void*);
  void* argument;
};

void* run_thread(void* argument) {
  auto* start = static_cast<ThreadStart*>(argument);
  const ThreadStart copy = *start;
  std::free(start);
  copy.run(copy.argument);
  return nullptr;
}

// Waking and idling ---------------------------------------------------------------------------

void ring(Worker* worker) {
  worker->alarm.store(1, std::memory_order_release);
  futex_wake(worker->alarm);
}

void sleep_until_rung(Worker* worker) {
  while (worker->alarm.load(std::memory_order_acquire) == 0) {
    const record::BlockedForEver blocked;
    futex_wait(worker->alarm, 0);
  }
  worker->alarm.store(0, std::memory_order_relaxed);
}

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

void wake_if_useful() {
  // Whoever adds a second worker makes it look for work first.
  if (t_worker != nullptr && g_worker_count.load(std::memory_order_relaxed) == 1) return;
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (g_idle.load(std::memory_order_relaxed) == 0) return;
  if (g_searching.load(std::memory_order_relaxed) == 0) wake_idle_worker();
}

void stop_searching(Worker* worker) {
  if (!worker->is_searching) return;
  worker->is_searching = false;
  // The last one to find work makes another look for more.
  if (g_searching.fetch_sub(1, std::memory_order_acq_rel) == 1) wake_if_useful();
}

bool is_work_anywhere() {
  if (!g_global.is_empty()) return true;
  const int count = g_worker_count.load(std::memory_order_acquire);
  for (int i = 0; i < count; ++i) {
    const Worker* other = g_workers[i].load(std::memory_order_acquire);
    if (other == nullptr) continue;
    if (!other->queue.is_empty() || other->next.load(std::memory_order_relaxed) != nullptr) {
      return true;
    }
  }
  return false;
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

void become_itself(Worker* worker) {
  if (!worker->runs_recorded_task) return;
  worker->runs_recorded_task = false;
  record::switch_to(0, nullptr, worker->call);
}

void idle(Worker* worker) {
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
  const bool is_frozen = g_is_frozen.load(std::memory_order_relaxed);
  if (!is_frozen && is_work_anywhere() && leave_idle_list(worker)) {
    worker->is_searching = true;
    g_searching.fetch_add(1, std::memory_order_acq_rel);
    return;
  }
  sleep_until_rung(worker);
}

// Finding work --------------------------------------------------------------------------------

Task* steal(Worker* worker) {
  constexpr int kRounds = 4;
  const int count = g_worker_count.load(std::memory_order_acquire);
  for (int round = 0; round < kRounds; ++round) {
    const auto start = static_cast<int>(random_number() % static_cast<std::uint32_t>(count));
    for (int i = 0; i < count; ++i) {
      Worker* other = g_workers[(start + i) % count].load(std::memory_order_acquire);
      if (other == nullptr || other == worker) continue;
      if (Task* task = other->queue.steal_half(worker->queue)) return task;
      if (round + 1 < kRounds || other->next.load(std::memory_order_relaxed) == nullptr) continue;
      // It will probably run its next task at once; take it only if it does not.
      ::sched_yield();
      if (Task* task = other->next.exchange(nullptr, std::memory_order_acq_rel)) return task;
    }
  }
  return nullptr;
}

Task* take_next(Worker* worker) {
  if (worker->next.load(std::memory_order_relaxed) == nullptr) return nullptr;
  return worker->next.exchange(nullptr, std::memory_order_acq_rel);
}

Task* find_own(Worker* worker) {
  if (worker->ticks % kGlobalEvery == 0) {
    if (Task* task = g_global.pop()) return task;
  }
  // A pair that wakes each other must not starve the queue.
  if (worker->runs_in_turn < kMostRunsInTurn) {
    if (Task* task = take_next(worker)) {
      ++worker->runs_in_turn;
      return task;
    }
  }
  worker->runs_in_turn = 0;
  if (Task* task = worker->queue.pop()) return task;
  if (Task* task = take_next(worker)) return task;
  return g_global.pop();
}

Task* find_others(Worker* worker) {
  if (g_worker_count.load(std::memory_order_relaxed) < 2) return nullptr;
  if (!worker->is_searching) {
    const int busy =
        g_active.load(std::memory_order_relaxed) - g_idle.load(std::memory_order_relaxed);
    if (2 * g_searching.load(std::memory_order_relaxed) >= busy) return nullptr;
    worker->is_searching = true;
    g_searching.fetch_add(1, std::memory_order_acq_rel);
  }
  return steal(worker);
}

void give_up_queue(Worker* worker) {
  if (Task* task = take_next(worker)) g_global.push(task);
  while (Task* task = worker->queue.pop()) g_global.push(task);
}

// One more than may run: sleeps until it is needed again.
void retire_if_too_many(Worker* worker) {
  int active = g_active.load(std::memory_order_relaxed);
  do {
    if (active <= g_procs.load(std::memory_order_relaxed)) return;
  } while (!g_active.compare_exchange_weak(active, active - 1, std::memory_order_acq_rel));
  give_up_queue(worker);
  become_itself(worker);
  stop_searching(worker);
  {
    const SpinGuard guard(g_lock);
    worker->next_idle = g_spare_list;
    g_spare_list = worker;
  }
  wake_if_useful();
  sleep_until_rung(worker);
}

Task* find_task(Worker* worker) {
  for (;;) {
    if (g_active.load(std::memory_order_relaxed) > g_procs.load(std::memory_order_relaxed)) {
      retire_if_too_many(worker);
    }
    if (!g_is_frozen.load(std::memory_order_relaxed)) [[likely]] {
      Task* task = find_own(worker);
      if (task == nullptr) task = find_others(worker);
      if (task != nullptr) {
        stop_searching(worker);
        return task;
      }
    }
    idle(worker);
  }
}

// Running -------------------------------------------------------------------------------------

void free_task(Task* task) {
  void* slot = task->fiber.stack_low;
  discard_fiber(task->fiber);
  g_live.fetch_sub(1, std::memory_order_relaxed);
  give_slot(slot);
}

// What a task asked for when it left.
void settle(Worker* worker, Task* task) {
  switch (worker->leave) {
    case Leave::kYield:
      if (!worker->queue.push(task)) g_global.push(task);
      wake_if_useful();
      return;
    case Leave::kPark: {
      TaskState expected = TaskState::kRunning;
      // acq_rel: who wakes it finds all of it saved; what its waker did is seen.
      if (task->state.compare_exchange_strong(expected, TaskState::kParked,
                                              std::memory_order_acq_rel)) {
        return;
      }
      task->state.store(TaskState::kRunning, std::memory_order_relaxed);
      make_runnable(task, true);
      return;
    }
    case Leave::kEnd:
      free_task(task);
      return;
  }
}

void run_task(Worker* worker, Task* task) {
  worker->task = task;
  ++worker->ticks;
  if (record::is_on()) [[unlikely]] {
    record::switch_to(task->id, worker->runs_recorded_task ? nullptr : &worker->call, task->call);
    worker->runs_recorded_task = true;
  }
  enter_fiber(worker->home, task->fiber);
  worker->task = nullptr;
  if (record::is_on()) [[unlikely]]
    task->call = record::call_state();
  settle(worker, task);
}

void run_worker(void* argument) {
  auto* worker = static_cast<Worker*>(argument);
  t_worker = worker;
  know_home(worker->home);
  char name[32];
  std::snprintf(name, sizeof name, "raddle worker %u", worker->number);
  if (record::is_on()) {
    record::name_object(trace::ObjectType::kTask, record::current_task(), name);
  }
  name[15] = 0;  // the kernel's limit
  pthread_setname_np(pthread_self(), name);
  give_signal_stack();
  for (;;) run_task(worker, find_task(worker));
}

// Workers -------------------------------------------------------------------------------------

// Rings a spare worker or makes a new one, in either case active.
void add_worker() {
  Worker* worker = nullptr;
  int number = 0;
  {
    const SpinGuard guard(g_lock);
    worker = g_spare_list;
    if (worker != nullptr) {
      g_spare_list = worker->next_idle;
    } else {
      number = g_worker_count.load(std::memory_order_relaxed);
      if (number == kMaxThreads) return;
      g_worker_count.store(number + 1, std::memory_order_release);
    }
  }
  g_active.fetch_add(1, std::memory_order_acq_rel);
  if (worker != nullptr) return ring(worker);
  void* memory = nullptr;
  if (::posix_memalign(&memory, alignof(Worker), sizeof(Worker)) != 0) std::abort();
  worker = new (memory) Worker;
  worker->number = static_cast<std::uint32_t>(number) + 1;
  g_workers[number].store(worker, std::memory_order_release);
  start_thread(run_worker, worker);
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
  g_lock.store(0, std::memory_order_relaxed);
  g_idle_list = g_spare_list = nullptr;
  g_idle.store(0, std::memory_order_relaxed);
  g_searching.store(0, std::memory_order_relaxed);
  g_active.store(0, std::memory_order_relaxed);
  g_worker_count.store(0, std::memory_order_relaxed);
  g_live.store(0, std::memory_order_relaxed);
  new (&g_global) GlobalQueue;
  g_phase.store(Phase::kNew, std::memory_order_relaxed);
}

void freeze_at_exit() { freeze(); }

[[gnu::noinline]] void start_workers() {
  Phase expected = Phase::kNew;
  if (!g_phase.compare_exchange_strong(expected, Phase::kStarting, std::memory_order_acq_rel)) {
    while (g_phase.load(std::memory_order_acquire) != Phase::kStarted) ::sched_yield();
    return;
  }
  static constinit bool is_registered = false;
  if (!is_registered) {
    is_registered = true;
    std::atexit(freeze_at_exit);
    pthread_atfork(nullptr, nullptr, forget_after_fork);
  }
  know_procs();
  begin_panics();
  const int procs = g_procs.load(std::memory_order_relaxed);
  for (int i = 0; i < procs; ++i) add_worker();
  g_phase.store(Phase::kStarted, std::memory_order_release);
}

void ensure_workers() {
  if (g_phase.load(std::memory_order_acquire) != Phase::kStarted) [[unlikely]]
    start_workers();
}

}  // namespace

// Tasks ---------------------------------------------------------------------------------------

[[gnu::noinline]] Worker* this_worker() noexcept {
  asm volatile("" ::: "memory");
  return t_worker;
}

[[gnu::noinline]] Task* current_task() noexcept {
  asm volatile("" ::: "memory");
  return t_worker == nullptr ? nullptr : t_worker->task;
}

namespace {

void leave(Task* task, Leave why) {
  Worker* worker = this_worker();
  worker->leave = why;
  leave_fiber(worker->home, task->fiber, why == Leave::kEnd);
}

// Not noexcept and without a handler: an exception that comes here finds none, so the program is
// terminated with the whole stack still there (panic.h).
void run_on_fiber(void* argument) {
  begin_on_fiber();
  auto* task = static_cast<Task*>(argument);
  if (record::is_on()) [[unlikely]] {
    record::event({.kind = trace::Kind::kTaskBegin, .object = task->id});
  }
  task->run(task->closure);
  if (task->heap_closure != nullptr) std::free(task->heap_closure);
  if (record::is_on()) [[unlikely]] {
    record::event({.kind = trace::Kind::kTaskEnd, .object = task->id});
  }
  if (task->finish != nullptr) task->finish(task->finish_argument);
  if (record::is_on()) [[unlikely]] {
    record::event({.kind = trace::Kind::kStackEnd,
                   .object = record::id_of(task->fiber.stack_low),
                   .value = kSlotBytes});
  }
  leave(task, Leave::kEnd);
  __builtin_unreachable();
}

char* align_down(char* address, std::size_t alignment) {
  return reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(address) & ~(alignment - 1));
}

}  // namespace

Task* make_task(std::size_t bytes, std::size_t alignment, std::string_view name) noexcept {
  constexpr std::size_t kMostClosureBytes = kSlotBytes / 8;
  void* slot = take_slot();
  // New memory for whatever is built there now; recorded by the parent, who builds the closure.
  if (record::is_on()) [[unlikely]] {
    record::event(
        {.kind = trace::Kind::kStackBegin, .object = record::id_of(slot), .value = kSlotBytes});
  }
  char* at = static_cast<char*>(slot) + kSlotBytes - sizeof(Task);
  auto* task = new (align_down(at, alignof(Task))) Task;
  at = reinterpret_cast<char*>(task);
  if (bytes <= kMostClosureBytes) {
    at = align_down(at - bytes, std::max(alignment, std::size_t{16}));
    task->closure = at;
  } else {
    task->heap_closure = std::malloc(bytes + alignment);
    if (task->heap_closure == nullptr) std::abort();
    task->closure = align_down(static_cast<char*>(task->heap_closure) + alignment, alignment);
  }
  task->fiber.stack_low = slot;
  task->fiber.stack_bytes = static_cast<std::size_t>(at - static_cast<char*>(slot));
  task->call.stack_high = at;
  task->id = record::new_task_id();
  name.copy(task->name, sizeof task->name - 1);
  if (!name.empty() && record::is_on()) {
    record::name_object(trace::ObjectType::kTask, task->id, name);
  }
  return task;
}

void start(Task* task) noexcept {
  ensure_workers();
  g_live.fetch_add(1, std::memory_order_relaxed);
  make_fiber(task->fiber, static_cast<char*>(task->fiber.stack_low) + task->fiber.stack_bytes,
             run_on_fiber, task);
  if (record::is_on()) [[unlikely]] {
    record::event({.kind = trace::Kind::kTaskSpawn,
                   .object = task->id,
                   .index = task->is_joinable ? std::uint32_t{trace::kJoinable} : 0});
  }
  make_runnable(task, false);
}

void abandon(Task* task) noexcept {
  if (task->heap_closure != nullptr) std::free(task->heap_closure);
  give_slot(task->fiber.stack_low);
}

void make_runnable(Task* task, bool is_next) noexcept {
  Worker* worker = this_worker();
  if (worker == nullptr) {
    g_global.push(task);
  } else {
    if (is_next) task = worker->next.exchange(task, std::memory_order_acq_rel);
    if (task != nullptr && !worker->queue.push(task)) {
      g_global.push(task);
      for (std::uint32_t i = 0; i < RunQueue::kSize / 2; ++i) {
        if (Task* other = worker->queue.pop()) g_global.push(other);
      }
    }
  }
  wake_if_useful();
}

void yield() noexcept {
  Task* task = current_task();
  if (task == nullptr) {
    ::sched_yield();
    return;
  }
  if (record::is_on()) [[unlikely]] {
    record::event({.kind = trace::Kind::kTaskSuspend, .object = task->id, .index = 1});
  }
  leave(task, Leave::kYield);
}

void park(Task* task) noexcept {
  // acquire: what the waker did.
  if (task->state.load(std::memory_order_acquire) == TaskState::kNotified) {
    task->state.store(TaskState::kRunning, std::memory_order_relaxed);
    return;
  }
  if (record::is_on()) [[unlikely]] {
    record::event({.kind = trace::Kind::kTaskSuspend, .object = task->id});
  }
  leave(task, Leave::kPark);
}

void wake(Task* task, bool is_next) noexcept {
  // acq_rel: it sees what was done for it; all of it has been saved when it was parked.
  if (task->state.exchange(TaskState::kNotified, std::memory_order_acq_rel) != TaskState::kParked) {
    return;  // it is still leaving, and will see this
  }
  task->state.store(TaskState::kRunning, std::memory_order_relaxed);
  if (record::is_on()) [[unlikely]] {
    record::event({.kind = trace::Kind::kTaskReady, .object = task->id});
  }
  make_runnable(task, is_next);
}

// The rest ------------------------------------------------------------------------------------

int max_procs(int n) noexcept {
  know_procs();
  if (n <= 0) return g_procs.load(std::memory_order_relaxed);
  const int before = g_procs.exchange(std::clamp(n, 1, kMaxWorkers), std::memory_order_relaxed);
  if (g_phase.load(std::memory_order_acquire) == Phase::kStarted) {
    while (g_active.load(std::memory_order_relaxed) < g_procs.load(std::memory_order_relaxed)) {
      add_worker();
    }
  }
  return before;
}

void begin_blocking() noexcept {
  if (current_task() == nullptr) return;
  Worker* worker = this_worker();
  give_up_queue(worker);
  g_active.fetch_sub(1, std::memory_order_acq_rel);
  add_worker();
}

void end_blocking() noexcept {
  if (current_task() != nullptr) g_active.fetch_add(1, std::memory_order_acq_rel);
}

void start_thread(void (*run)(void*), void* argument) noexcept {
  auto* start = static_cast<ThreadStart*>(std::malloc(sizeof(ThreadStart)));
  if (start == nullptr) std::abort();
  *start = {run, argument};
  record::g_worker_function.store(run_thread, std::memory_order_relaxed);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  if (pthread_create(&thread, &attributes, run_thread, start) != 0) {
    constexpr char kText[] = "raddle: cannot create a thread to run tasks\n";
    if (::write(STDERR_FILENO, kText, sizeof kText - 1) < 0) {
    }
    ::_exit(2);
  }
  pthread_attr_destroy(&attributes);
}

void freeze() noexcept {
  t_ends_process = true;
  g_is_frozen.store(true, std::memory_order_seq_cst);
}

void thaw_for_this_thread() noexcept {
  if (!t_ends_process) return;
  t_ends_process = false;
  g_is_frozen.store(false, std::memory_order_seq_cst);
  do {
    g_searching.fetch_add(1, std::memory_order_acq_rel);
  } while (ring_idle_worker());
  g_searching.fetch_sub(1, std::memory_order_acq_rel);
}

[[gnu::noinline]] std::uint32_t random_number() noexcept {
  asm volatile("" ::: "memory");
  if (t_random == 0) t_random = static_cast<std::uint64_t>(now_ns()) | 1;
  t_random ^= t_random << 13;
  t_random ^= t_random >> 7;
  t_random ^= t_random << 17;
  return static_cast<std::uint32_t>(t_random >> 32);
}

std::size_t live_tasks() noexcept { return g_live.load(std::memory_order_relaxed); }

}  // namespace raddle::sched
