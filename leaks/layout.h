// SPDX-License-Identifier: Apache-2.0
// What a process tells about its tasks to whoever looks at it from outside: the address of one
// TasksLayout is in libraddle's variable __raddle_debug. Plain words; pointers are addresses in
// that process. raddle-gdb.py reads it, too, up to `verbs`.
#pragma once

#include <cstddef>
#include <cstdint>

namespace raddle::leaks {

struct TasksLayout {
  static constexpr std::uint64_t kVersion = 3;
  static constexpr std::size_t kPools = 2;
  static constexpr std::size_t kKinds = 256;
  static constexpr std::size_t kReferences = 4;

  std::uint64_t version = kVersion;
  std::uint64_t task_from_top = 0;  // bytes from the top of its stack down to a task
  // Offsets in a task.
  std::uint64_t stack_pointer = 0;
  std::uint64_t state = 0;
  std::uint64_t id = 0;
  std::uint64_t waits_on = 0;
  std::uint64_t waits_for = 0;
  std::uint64_t name = 0;
  std::uint64_t arena_bytes = 0;
  std::uint64_t pools = kPools;
  struct Pool {
    std::uint64_t stack_bytes = 0;
    std::uint64_t arenas = 0;  // where the arenas' addresses are, a zero behind the last
  } pool[kPools];
  std::uint64_t verbs[kKinds] = {};  // where the text for each kind of event is; 0: none

  // Of version 3, for the search for leaks.
  std::uint64_t is_timed = 0;  // offset: one byte, the wait ends by itself
  // Of a select's wait: offsets of the address of its first channel pointer, of how many bytes lie
  // from one to the next, and of how many there are (both 4 bytes).
  std::uint64_t waits_in = 0;
  std::uint64_t waits_stride = 0;
  std::uint64_t waits_count = 0;
  std::uint64_t kind_of_select = 0;
  std::uint64_t references[kReferences] = {};  // offsets of what a task refers to beside its stack
  // What the runtime's queues refer to on a waiting task's stack.
  std::uint64_t waiter_of_node = 0;
  std::uint64_t task_of_waiter = 0;
  std::uint64_t waiter_of_timer = 0;
  std::uint64_t workers = 0;             // where the workers' addresses are
  std::uint64_t worker_count = 0;        // where their number is, 4 bytes
  std::uint64_t home_stack_pointer = 0;  // offsets in a worker
  std::uint64_t worker_task = 0;
  // The recorder's own memory, full of addresses of objects: pairs of a low and a high address.
  std::uint64_t hidden = 0;
  std::uint64_t hidden_count = 0;
};
static_assert(sizeof(TasksLayout) % sizeof(std::uint64_t) == 0);

// Task::state.
inline constexpr std::uint32_t kStateParked = 1;

}  // namespace raddle::leaks
