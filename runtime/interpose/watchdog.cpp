// SPDX-License-Identifier: Apache-2.0
// The watching thread. It looks at the threads four times per time-out. A hang is: each of them
// blocked for ever, none having moved since a whole time-out, and the kernel knowing no thread that
// we do not and seeing all of them asleep. Nothing inside such a process can wake anybody.
#include "runtime/interpose/watchdog.h"

#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>

#include "runtime/interpose/process.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/threads.h"
#include "runtime/record/run_options.h"
#include "runtime/record/turns.h"

namespace raddle::interpose::watchdog {
namespace {

constexpr int kLooks = 4;  // per time-out
constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kShortPauseNs = 2'000'000;  // once main has left, the end may come any time

// Relaxed where not said otherwise: they only decide how soon the watchdog acts.
constinit std::atomic<bool> g_is_started{false};
constinit std::atomic<bool> g_is_stopped{false};
constinit std::atomic<bool> g_is_main_gone{false};
constinit std::atomic<bool> g_hangs{false};       // somebody who knows has said so
constinit std::atomic<std::uint32_t> g_alarm{0};  // a futex: changes end the watchdog's sleep

// What one look at all threads saw.
struct Look {
  std::size_t threads = 0;
  bool all_blocked = true;
  std::uint64_t moves = 0;  // a hash: equal if nothing moved
};

void see_thread(const ThreadRecord& record, void* argument) {
  auto& look = *static_cast<Look*>(argument);
  const std::uint64_t moves = record.moves.load(std::memory_order_acquire);
  const bool is_blocked =
      (moves & 1) != 0 && (record.until.load(std::memory_order_relaxed) == Until::kWoken ||
                           !record::g_handles_signals.load(std::memory_order_relaxed));
  ++look.threads;
  look.all_blocked = look.all_blocked && is_blocked;
  look.moves = (look.moves + moves) * 0x9e37'79b9'7f4a'7c15u + record.id;
}

Look look_at_threads() {
  Look look;
  threads::for_each_running(see_thread, &look);
  return look;
}

// Whether something outside this process could move it after all.
bool is_final(std::size_t known_threads) {
  Tasks tasks;
  return count_tasks(own_tid(), tasks) && tasks.others == 0 && tasks.asleep == known_threads &&
         !waits_in_shared_memory();
}

// Main has left by pthread_exit, and nobody else is there.
bool is_alone() {
  Tasks tasks;
  return g_is_main_gone.load(std::memory_order_relaxed) && look_at_threads().threads == 0 &&
         count_tasks(own_tid(), tasks) && tasks.asleep + tasks.others == 0;
}

void sleep(std::int64_t nanoseconds) {
  const timespec time{nanoseconds / kNsPerSecond, nanoseconds % kNsPerSecond};
  const std::uint32_t seen = g_alarm.load(std::memory_order_acquire);
  if (g_hangs.load(std::memory_order_relaxed)) return;
  real::syscall(SYS_futex, reinterpret_cast<long>(&g_alarm), FUTEX_WAIT_PRIVATE,
                static_cast<long>(seen), reinterpret_cast<long>(&time), 0, 0);
}

void end_process(std::size_t threads) {
  record::event({.kind = trace::Kind::kHang});
  record::finish(trace::EndReason::kHung, 66);
  char line[160];
  char who[48] = "the only thread is";
  if (threads > 1) std::snprintf(who, sizeof(who), "all %zu threads are", threads);
  const int length = std::snprintf(
      line, sizeof(line),
      "raddle: nothing can move any more: %s blocked for ever; the program is ended\n", who);
  if (write(STDERR_FILENO, line, static_cast<std::size_t>(length)) < 0) {
    // Nobody is left to tell.
  }
  real::_exit(66);
}

std::int64_t now_ns() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * kNsPerSecond + time.tv_nsec;
}

void* watch(void*) {
  ++t_self.runtime_depth;  // for good: nothing this thread does is the program's
  prctl(PR_SET_NAME, "raddle watchdog", 0, 0, 0);
  const std::int64_t timeout_ns = std::int64_t{record::run_options().hang_timeout_ms} * 1'000'000;
  Look before;
  std::int64_t still_since_ns = now_ns();
  while (!g_is_stopped.load(std::memory_order_relaxed)) {
    const std::int64_t pause_ns = timeout_ns / kLooks;
    sleep(g_is_main_gone.load(std::memory_order_relaxed) ? std::min(pause_ns, kShortPauseNs)
                                                         : pause_ns);
    if (is_alone()) return nullptr;  // and the C library ends the process after its last thread
    const Look look = look_at_threads();
    if (g_hangs.load(std::memory_order_relaxed)) end_process(look.threads);
    if (record::g_turns != nullptr) record::g_turns->look();
    const bool is_still = look.all_blocked && look.threads != 0 && look.moves == before.moves;
    before = look;
    if (!is_still) still_since_ns = now_ns();
    if (now_ns() - still_since_ns < timeout_ns || !is_final(look.threads)) continue;
    if (!g_is_stopped.exchange(true, std::memory_order_relaxed)) end_process(look.threads);
  }
  return nullptr;
}

void create_thread() {
  const InRuntime in_runtime;
  sigset_t all;
  sigset_t old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, std::size_t{128} << 10);
  pthread_t thread;
  real::pthread_create(&thread, &attributes, watch, nullptr);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
}

void ring() {
  g_alarm.fetch_add(1, std::memory_order_release);  // and what it rings for
  real::syscall(SYS_futex, reinterpret_cast<long>(&g_alarm), FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

}  // namespace

void start() noexcept {
  if (g_is_started.load(std::memory_order_relaxed) || record::run_options().hang_timeout_ms == 0)
    return;
  if (!g_is_started.exchange(true, std::memory_order_relaxed)) create_thread();
}

void forget() noexcept {
  g_is_started.store(false, std::memory_order_relaxed);
  g_is_stopped.store(false, std::memory_order_relaxed);
  g_is_main_gone.store(false, std::memory_order_relaxed);
}

void stop() noexcept { g_is_stopped.store(true, std::memory_order_relaxed); }

void thread_ended(bool is_main) noexcept {
  if (is_main) g_is_main_gone.store(true, std::memory_order_relaxed);
  if (g_is_main_gone.load(std::memory_order_relaxed)) ring();
}

void hangs() noexcept {
  if (g_hangs.exchange(true, std::memory_order_relaxed)) return;
  start();
  ring();
}

}  // namespace raddle::interpose::watchdog
