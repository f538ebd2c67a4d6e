// SPDX-License-Identifier: Apache-2.0
// The monitor is a timer. It stops while every worker is idle or away, so that a program that waits
// is not woken, and a hang is seen as one.
#include "runtime/sched/monitor.h"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "runtime/record/run_options.h"
#include "runtime/record/say.h"
#include "runtime/record/thread_state.h"
#include "runtime/sched/blocking.h"
#include "runtime/sched/futex.h"
#include "runtime/sched/policy.h"
#include "runtime/sched/timers.h"
#include "runtime/sched/workers.h"

namespace raddle::sched {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int64_t kShortestPeriod = kNsPerMs;  // after a worker was replaced; then doubled
constexpr std::int64_t kLongestPeriod = 10 * kNsPerMs;
constexpr std::int64_t kLongNs = 10 * kNsPerMs;  // keeps its worker for long

void look(Timer& timer);

// Whoever sets g_is_watched owns both until it is cleared.
constinit Timer g_timer{.fire = look, .is_ours = true};
std::int64_t g_period = kShortestPeriod;

// The task may end at any moment, and its stack be unmapped: the kernel copies it or says no.
bool copy_task(const Worker& worker, Task& copy) {
  const Sighting& seen = worker.sighting;
  iovec to{&copy, sizeof copy};
  iovec from{const_cast<Task*>(seen.task), sizeof copy};
  return ::process_vm_readv(::getpid(), &to, 1, &from, 1, 0) == ssize_t{sizeof copy} &&
         worker.ticks.load(std::memory_order_acquire) == seen.ticks;
}

// Remembers the last few: a task is told of once, though it may do it again and again.
bool is_told_of(trace::TaskId task) {
  constexpr std::size_t kRemembered = 64;
  static constinit trace::TaskId told[kRemembered] = {};  // the timers' thread's
  static constinit std::size_t next = 0;
  if (std::find(told, told + kRemembered, task) != told + kRemembered) return true;
  told[next++ % kRemembered] = task;
  return false;
}

std::int64_t long_ns() {
  const std::int64_t asked = record::run_options().held_worker_ms * kNsPerMs;
  return asked != 0 ? asked : kLongNs;
}

void tell(const Worker& worker, std::int64_t held_ns) {
  alignas(Task) char memory[sizeof(Task)];
  auto& task = reinterpret_cast<Task&>(memory);
  if (!copy_task(worker, task) || is_told_of(task.id)) return;
  const bool is_blocked = worker.away.load(std::memory_order_relaxed) != Away::kHere;
  if (record::is_on()) {
    record::event({.kind = trace::Kind::kWorkerHeld,
                   .object = task.id,
                   .index = is_blocked ? 1u : 0u,
                   .value = static_cast<std::uint64_t>(held_ns)});
  }
  if (record::run_options().held_worker_ms == 0) return;
  char number[16];
  char ms[24];
  std::snprintf(number, sizeof number, "%u", task.id);
  std::snprintf(ms, sizeof ms, "%lld", static_cast<long long>(held_ns / kNsPerMs));
  const bool has_name = task.name[0] != 0;
  record::say({"raddle: task ", number, has_name ? " (" : "", task.name, has_name ? ")" : "",
               " has kept its worker for ", ms, " ms: ",
               is_blocked ? "it is blocked in the kernel; raddle::blocking() would have let the "
                            "others go on at once"
                          : "nothing else runs there until it waits or calls raddle::yield()"});
}

// Whether this worker has to be looked at again.
bool look_at(Worker& worker, std::int64_t now, bool& has_replaced) {
  Sighting& seen = worker.sighting;
  const Task* task = worker.task.load(std::memory_order_relaxed);
  const std::uint32_t ticks = worker.ticks.load(std::memory_order_relaxed);
  const Away away = worker.away.load(std::memory_order_relaxed);
  if (task == nullptr || away == Away::kBlocking) {
    seen = {};
    return false;
  }
  if (task != seen.task || ticks != seen.ticks) {
    seen = {.task = task, .ticks = ticks, .since_ns = now};
    return true;
  }
  if (away == Away::kHere) {
    const char state = record::thread_state(worker.tid.load(std::memory_order_relaxed));
    const bool is_blocked = state == 'S' || state == 'D';
    if (is_blocked && !is_frozen()) has_replaced |= replace_if_still(&worker, ticks);
  }
  if (!seen.is_told && now - seen.since_ns >= long_ns()) {
    seen.is_told = true;
    tell(worker, now - seen.since_ns);
  }
  return worker.away.load(std::memory_order_relaxed) == Away::kHere || !seen.is_told;
}

bool has_busy_worker() {
  for (int i = 0; i < worker_count(); ++i) {
    const Worker* one = worker(i);
    if (one != nullptr && one->current() != nullptr &&
        one->away.load(std::memory_order_relaxed) == Away::kHere) {
      return true;
    }
  }
  return false;
}

void look_again(std::int64_t period) {
  g_period = period;
  g_timer.when_ns = now_ns() + period;
  arm(g_timer);
}

void look(Timer&) {
  const std::int64_t now = now_ns();
  bool must_go_on = false;
  bool has_replaced = false;
  for (int i = 0; i < worker_count(); ++i) {
    Worker* one = worker(i);
    if (one != nullptr) must_go_on |= look_at(*one, now, has_replaced);
  }
  if (must_go_on || has_replaced) {
    return look_again(has_replaced ? kShortestPeriod : std::min(2 * g_period, kLongestPeriod));
  }
  g_is_watched.store(false, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (has_busy_worker() && !g_is_watched.exchange(true, std::memory_order_acq_rel)) {
    look_again(kShortestPeriod);
  }
}

}  // namespace

void begin_watching() noexcept {
  if (g_policy != nullptr || g_is_watched.exchange(true, std::memory_order_acq_rel)) return;
  look_again(kShortestPeriod);
}

void forget_monitor() noexcept {
  g_timer.place = TimerHeap::kNowhere;
  g_is_watched.store(false, std::memory_order_relaxed);
}

}  // namespace raddle::sched
