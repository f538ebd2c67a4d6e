// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/task.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>
#include <utility>

#include "runtime/sched/policy.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/work.h"
#include "runtime/sched/workers.h"

namespace raddle::sched {
namespace {

constinit std::atomic<std::int64_t> g_made_elsewhere{0};  // tasks that threads made

void count_tasks(Worker* worker, std::int64_t n) {
  if (worker != nullptr) return worker->count_tasks(n);
  g_made_elsewhere.fetch_add(n, std::memory_order_relaxed);
}

// Not noexcept and without a handler: an exception that comes here finds none, so the program is
// terminated with the whole stack still there (panic.h).
void run_on_fiber(void* argument) {
  begin_on_fiber();
  arrive();
  auto* task = static_cast<Task*>(argument);
  tsan_acquire(task);
  // A search for what can be reached should find the closure where the task has it now.
  task->run(std::exchange(task->closure, nullptr), task->join_state);
  if (task->heap_closure != nullptr) std::free(task->heap_closure);
  if (record::is_on()) [[unlikely]] {
    record::event({.kind = trace::Kind::kTaskEnd, .object = task->id});
  }
  if (task->finish != nullptr) task->finish(task->join_state);
  if (record::is_on()) [[unlikely]] {
    record::event({.kind = trace::Kind::kStackEnd,
                   .object = record::id_of(task->fiber.stack_low),
                   .value = task->slot_bytes,
                   .is_at_once = true});
    task->left_in_stream = record::stream_number();
  }
  tsan_release(task->fiber.stack_low);
  leave_for_good();
}

char* align_down(char* address, std::size_t alignment) {
  return reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(address) & ~(alignment - 1));
}

StackCache* cache_of(Worker* worker) { return worker != nullptr ? &worker->stacks : nullptr; }

// New memory for whatever is built there now; recorded by the parent, who builds the closure. In
// the stream that has said that the last task left it there is nothing to add.
void note_stack(FreeStack stack, std::size_t bytes) {
  if (g_policy == nullptr && stack.stream() != 0 && stack.stream() == record::stream_number())
    return;
  record::event(
      {.kind = trace::Kind::kStackBegin, .object = record::id_of(stack.low()), .value = bytes});
}

// Room for the closure below the task, or on the heap where it would take much of the stack. Null:
// no memory. Returns where the stack begins.
char* place_closure(Task* task, std::size_t bytes, std::size_t alignment) {
  char* at = reinterpret_cast<char*>(task);
  if (bytes <= task->slot_bytes / 8) {
    at = align_down(at - bytes, std::max(alignment, std::size_t{16}));
    task->closure = at;
    return at;
  }
  task->heap_closure = std::malloc(bytes + alignment);
  if (task->heap_closure == nullptr) return nullptr;
  task->closure = align_down(static_cast<char*>(task->heap_closure) + alignment, alignment);
  return at;
}

}  // namespace

Task* make_task(std::size_t bytes, std::size_t alignment, std::string_view name,
                std::size_t stack_bytes) noexcept {
  if (!has_workers() && !start_workers()) [[unlikely]]
    return nullptr;
  Worker* worker = this_worker();
  const std::size_t slot_bytes = whole_stack_bytes(stack_bytes);
  const FreeStack stack = take_stack(cache_of(worker), slot_bytes);
  void* slot = stack.low();
  if (slot == nullptr) return nullptr;
  tsan_acquire(slot);
  if (record::is_on()) [[unlikely]]
    note_stack(stack, slot_bytes);
  char* top = static_cast<char*>(slot) + slot_bytes - sizeof(Task);
  auto* task = new (align_down(top, alignof(Task))) Task;
  task->slot_bytes = slot_bytes;
  char* at = place_closure(task, bytes, alignment);
  if (at == nullptr) {
    give_stack(cache_of(worker), {slot, 0}, slot_bytes);
    return nullptr;
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
  Worker* worker = this_worker();
  count_tasks(worker, 1);
  make_fiber(task->fiber, static_cast<char*>(task->fiber.stack_low) + task->fiber.stack_bytes,
             run_on_fiber, task);
  if (record::is_on()) [[unlikely]] {
    const std::uint32_t flags = task->finish != nullptr ? trace::kJoinable : 0;
    record::event({.kind = trace::Kind::kTaskSpawn,
                   .object = task->id,
                   .index = trace::spawn_index(flags, task->slot_bytes),
                   .value = trace::page_of(record::id_of(task->fiber.stack_low))});
  }
  tsan_release(task);
  make_runnable(worker, task, true);  // as Go does: what it was made for is still in the cache
}

void abandon(Task* task) noexcept {
  task->id = 0;
  tsan_release(task->fiber.stack_low);
  if (task->heap_closure != nullptr) std::free(task->heap_closure);
  give_stack(cache_of(this_worker()), {task->fiber.stack_low, 0}, task->slot_bytes);
}

void free_task(Task* task, Worker* worker) noexcept {
  const FreeStack stack(task->fiber.stack_low, task->left_in_stream);
  const std::size_t bytes = task->slot_bytes;
  task->id = 0;
  discard_fiber(task->fiber);
  count_tasks(worker, -1);
  give_stack(cache_of(worker), stack, bytes);
}

std::size_t live_tasks() noexcept {
  std::int64_t tasks = g_made_elsewhere.load(std::memory_order_relaxed);
  for (int i = 0; i < worker_count(); ++i) {
    if (const Worker* one = worker(i)) tasks += one->made_tasks.load(std::memory_order_relaxed);
  }
  return static_cast<std::size_t>(tasks);
}

std::size_t live_stacks() noexcept {
  std::int64_t stacks = stacks_in_use_elsewhere();
  for (int i = 0; i < worker_count(); ++i) {
    if (const Worker* one = worker(i)) stacks += one->stacks.in_use.load(std::memory_order_relaxed);
  }
  return static_cast<std::size_t>(stacks);
}

std::size_t running_tasks() noexcept {
  std::size_t tasks = 0;
  for (int i = 0; i < worker_count(); ++i) {
    const Worker* one = worker(i);
    if (one == nullptr || one->away.load(std::memory_order_relaxed) != Away::kHere) continue;
    if (one->task.load(std::memory_order_seq_cst) != nullptr) ++tasks;
  }
  return tasks;
}

void forget_tasks() noexcept { g_made_elsewhere.store(0, std::memory_order_relaxed); }

}  // namespace raddle::sched
