// SPDX-License-Identifier: Apache-2.0
// One worker: a thread that runs tasks, one after the other.
#pragma once

#include <atomic>
#include <cstdint>

#include "runtime/sched/fiber.h"
#include "runtime/sched/run_queue.h"
#include "runtime/sched/stacks.h"

namespace raddle::sched {

// Why a task has left.
enum class Leave : std::uint8_t { kYield, kPark, kEnd };

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
  Task* task = nullptr;     // that runs
  Task* leaving = nullptr;  // whose stack was left and that is not settled yet
  std::uint32_t ticks = 0;
  std::uint32_t runs_in_turn = 0;  // of `next`, one after the other
  StackCache stacks;
  std::atomic<std::int64_t> made_tasks{0};  // here, less those ended here

  // Only its own thread adds, so that no locked instruction is needed.
  void count_tasks(std::int64_t n) noexcept {
    made_tasks.store(made_tasks.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
};

// Null on other threads. Never inlined: see current_task().
Worker* this_worker() noexcept;

}  // namespace raddle::sched
