// SPDX-License-Identifier: Apache-2.0
// One worker: a thread that runs tasks, one after the other.
#pragma once

#include <atomic>
#include <cstdint>

#include "runtime/sched/fiber.h"
#include "runtime/sched/run_queue.h"
#include "runtime/sched/stacks.h"
#include "runtime/sched/timer_shelf.h"

namespace raddle::sched {

// Why a task has left.
enum class Leave : std::uint8_t {
  kYield,
  kHandOver,  // as kYield; whoever decides knows that it can run
  kPark,
  kEnd
};

// Whether a worker is counted, or its task has blocked its thread and another one runs in its
// place: as the task has said (blocking()), or as the monitor has seen.
enum class Away : std::uint8_t { kHere, kBlocking, kReplaced };

// What the monitor saw of a worker when it looked last; its alone.
struct Sighting {
  const Task* task = nullptr;
  std::uint32_t ticks = 0;
  std::int64_t since_ns = 0;
  bool is_told = false;
};

struct Worker {
  RunQueue queue;
  std::atomic<Task*> next{nullptr};     // runs before the queue; others may steal it
  std::atomic<std::uint32_t> alarm{0};  // a futex: 1 ends an idle worker's sleep
  Worker* next_idle = nullptr;          // in the list of idle or spare ones
  std::uint32_t number = 0;

  // Its own thread's; the counters are read by others.
  Fiber home;  // where it looks for work and sleeps
  ExceptionState* exceptions = nullptr;
  record::CallState call;
  bool is_searching = false;
  bool runs_recorded_task = false;  // the recorder takes this thread for a task
  Leave leave = Leave::kYield;
  Task* leaving = nullptr;  // whose stack was left and that is not settled yet
  // Written by its own thread alone; relaxed: the monitor only compares them. What task runs now,
  // and how many have.
  std::atomic<Task*> task{nullptr};
  std::atomic<std::uint32_t> ticks{0};
  std::atomic<Away> away{Away::kHere};
  std::uint32_t runs_in_turn = 0;  // of `next`, one after the other
  StackCache stacks;
  TimerShelf timers;                        // of the tasks that it runs
  std::atomic<std::int64_t> made_tasks{0};  // here, less those ended here
  std::atomic<int> tid{0};                  // of its thread, for the kernel; 0: not known yet
  Sighting sighting;

  Task* current() const noexcept { return task.load(std::memory_order_relaxed); }
  // Only its own thread adds, so that no locked instruction is needed.
  void tick() noexcept {
    ticks.store(ticks.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  void count_tasks(std::int64_t n) noexcept {
    made_tasks.store(made_tasks.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
};

// Null on other threads. Never inlined: see current_task().
Worker* this_worker() noexcept;

}  // namespace raddle::sched
