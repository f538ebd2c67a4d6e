// SPDX-License-Identifier: Apache-2.0
// One worker: a thread that runs tasks, one after the other.
#pragma once

#include <atomic>
#include <cstdint>

#include "runtime/sched/run_queue.h"

namespace raddle::sched {

// Why a task has left.
enum class Leave : std::uint8_t { kYield, kPark, kEnd };

struct Worker {
  RunQueue queue;
  std::atomic<Task*> next{nullptr};     // runs before the queue; others may steal it
  std::atomic<std::uint32_t> alarm{0};  // a futex: 1 ends an idle worker's sleep
  Worker* next_idle = nullptr;          // in the list of idle or spare ones
  std::uint32_t number = 0;

  // Its own thread's, touched by it alone.
  HomeStack home;
  record::CallState call;
  bool is_searching = false;
  bool runs_recorded_task = false;  // the recorder takes this thread for a task
  Task* task = nullptr;
  Leave leave = Leave::kYield;
  std::uint32_t ticks = 0;
  std::uint32_t runs_in_turn = 0;  // of `next`, one after the other
  std::uint64_t random = 0;
};

// Null on other threads. Never inlined: see current_task().
Worker* this_worker() noexcept;

}  // namespace raddle::sched
