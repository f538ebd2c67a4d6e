// SPDX-License-Identifier: Apache-2.0
// A task: a fiber, and what the scheduler and the recorder know of it. It lies at the top of its
// own stack, with its closure below it, so that a blocked task costs one page.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/record/record.h"
#include "runtime/sched/fiber.h"

namespace raddle::sched {

// kRunning also while it is queued. A task parks by going from kRunning to kParked, which its
// worker does once the task has left its stack; who wakes it earlier leaves kNotified, and it goes
// on at once.
enum class TaskState : std::uint32_t { kRunning, kParked, kNotified };

struct Task {
  Fiber fiber;
  std::atomic<TaskState> state{TaskState::kRunning};
  trace::TaskId id = 0;  // 0: it has ended
  record::CallState call;
  void (*run)(void* closure, void* state) = nullptr;
  void* closure = nullptr;                // until it runs
  void (*finish)(void* state) = nullptr;  // after its end is recorded; not null: it can be joined
  void* join_state = nullptr;             // what both get
  void* heap_closure = nullptr;           // one that does not fit on the stack
  std::size_t slot_bytes = 0;             // of its stack, guard included
  // Of a parked one, for who looks from outside: on what it waits and how; in a select, in which
  // channels, the first of so many pointers that lie so many bytes apart; and whether it does so
  // for a time only.
  const void* waits_on = nullptr;
  const void* waits_in = nullptr;
  std::uint32_t waits_stride = 0;
  std::uint32_t waits_count = 0;
  trace::Kind waits_for{};
  bool is_timed = false;
  bool has_begun = false;            // and the trace says so
  std::uint32_t left_in_stream = 0;  // the one that says that its stack is free; 0: none
  Task* next_queued = nullptr;       // in the global queue, when that finds no memory for a block
  char name[40] = {};
};

// A new task with room for a closure of `bytes`, which `task.closure` points to; the caller builds
// it, or puts what `run` shall get in its place, sets `run`, and calls start() or abandon(). `run`
// destroys the closure. stack_bytes: at least; 0: the usual. Null: no memory is left, or no thread
// for the first worker.
Task* make_task(std::size_t bytes, std::size_t alignment, std::string_view name,
                std::size_t stack_bytes = 0) noexcept;
void start(Task* task) noexcept;
void abandon(Task* task) noexcept;
// One that has ended and whose stack was left. `worker`: this one.
struct Worker;
void free_task(Task* task, Worker* worker) noexcept;

// Tasks made and not ended; stacks in use. For tests: exact when nothing moves.
std::size_t live_tasks() noexcept;
std::size_t live_stacks() noexcept;
// On workers that are not blocked. After freeze() none comes that is not counted: see run_worker().
std::size_t running_tasks() noexcept;
// Fills in __raddle_debug, once.
void describe_for_debuggers() noexcept;
// In the child of a fork, which has none of the parent's tasks.
void forget_tasks() noexcept;

// Null on a thread that is not running a task. Never inlined: the caller may have moved to another
// thread since its last call.
Task* current_task() noexcept;

}  // namespace raddle::sched
