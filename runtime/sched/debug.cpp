// SPDX-License-Identifier: Apache-2.0
// Where a debugger or a search for leaks finds the tasks: all it needs to know of the layout, so
// that it works without debug information of this library.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "leaks/layout.h"
#include "runtime/record/hidden.h"
#include "runtime/sched/park.h"
#include "runtime/sched/stack_pool.h"
#include "runtime/sched/stacks.h"
#include "runtime/sched/task.h"
#include "runtime/sched/timer_shelf.h"
#include "runtime/sched/workers.h"

namespace raddle::sched {
namespace {

using leaks::TasksLayout;

static_assert(TasksLayout::kPools == kStackPools);
static_assert(static_cast<std::uint32_t>(TaskState::kParked) == leaks::kStateParked);

constinit TasksLayout g_layout;

std::uint64_t address_of(const void* place) { return reinterpret_cast<std::uint64_t>(place); }

void describe_tasks(TasksLayout& layout) {
  layout.task_from_top = (sizeof(Task) + alignof(Task) - 1) / alignof(Task) * alignof(Task);
  layout.stack_pointer = offsetof(Task, fiber) + offsetof(Fiber, stack_pointer);
  layout.state = offsetof(Task, state);
  layout.id = offsetof(Task, id);
  layout.waits_on = offsetof(Task, waits_on);
  layout.waits_for = offsetof(Task, waits_for);
  layout.name = offsetof(Task, name);
  layout.is_timed = offsetof(Task, is_timed);
  layout.waits_in = offsetof(Task, waits_in);
  layout.waits_stride = offsetof(Task, waits_stride);
  layout.waits_count = offsetof(Task, waits_count);
  layout.kind_of_select = static_cast<std::uint64_t>(trace::Kind::kSelectWait);
  const std::uint64_t references[] = {
      offsetof(Task, closure), offsetof(Task, heap_closure), offsetof(Task, join_state),
      offsetof(Task, fiber) + offsetof(Fiber, exceptions) + offsetof(ExceptionState, caught)};
  static_assert(std::size(references) == TasksLayout::kReferences);
  std::copy(std::begin(references), std::end(references), layout.references);
}

void describe_places(TasksLayout& layout) {
  layout.arena_bytes = StackPool::kArenaBytes;
  for (int i = 0; i < kStackPools; ++i) {
    layout.pool[i] = {stack_pool(i).bytes(), address_of(stack_pool(i).arenas())};
  }
  layout.waiter_of_node = kWaiterInNode;
  layout.task_of_waiter = Waiter::task_offset();
  layout.waiter_of_timer = offsetof(Timer, waiter);
  layout.workers = address_of(workers_for_debuggers());
  layout.worker_count = address_of(&g_worker_count);
  layout.home_stack_pointer = offsetof(Worker, home) + offsetof(Fiber, stack_pointer);
  layout.worker_task = offsetof(Worker, task);
  layout.hidden = address_of(record::g_hidden.ranges);
  layout.hidden_count = record::HiddenRanges::kMost;
}

}  // namespace
}  // namespace raddle::sched

extern "C" {
// The address of what raddle-gdb.py and `raddle leaks` read.
__attribute__((visibility("default"), used)) const void* __raddle_debug = &raddle::sched::g_layout;
}

namespace raddle::sched {

void describe_for_debuggers() noexcept {
  describe_tasks(g_layout);
  describe_places(g_layout);
  for (std::size_t kind = 0; kind < TasksLayout::kKinds; ++kind) {
    if (!trace::is_known(static_cast<std::uint8_t>(kind))) continue;
    g_layout.verbs[kind] = address_of(trace::verb_of(static_cast<trace::Kind>(kind)).data());
  }
}

}  // namespace raddle::sched
