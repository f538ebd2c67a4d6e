// SPDX-License-Identifier: Apache-2.0
// Where a debugger finds the tasks, for raddle-gdb.py: all it needs to know of the layout, so that
// it works without debug information of this library.
#include <array>
#include <cstddef>
#include <cstdint>

#include "runtime/sched/stack_pool.h"
#include "runtime/sched/stacks.h"
#include "runtime/sched/task.h"

namespace raddle::sched {
namespace {

constexpr std::uint64_t kVersion =
    2;  // 2: a stack that was left has a frame pointer and where to go on on top
constexpr std::size_t kKinds = 256;

struct Layout {
  std::uint64_t version = kVersion;
  std::uint64_t task_from_top = 0;  // bytes from the top of its stack down to a task
  std::uint64_t stack_pointer = 0;  // offsets in a task
  std::uint64_t state = 0;
  std::uint64_t id = 0;
  std::uint64_t waits_on = 0;
  std::uint64_t waits_for = 0;
  std::uint64_t name = 0;
  std::uint64_t arena_bytes = StackPool::kArenaBytes;
  std::uint64_t pools = kStackPools;
  struct Pool {
    std::uint64_t stack_bytes;
    const void* arenas;
  } pool[kStackPools] = {};
  const char* verbs[kKinds] = {};
};

constinit Layout g_layout;

}  // namespace
}  // namespace raddle::sched

extern "C" {
// The address of what raddle-gdb.py reads.
__attribute__((visibility("default"), used)) const void* __raddle_debug = &raddle::sched::g_layout;
}

namespace raddle::sched {

void describe_for_debuggers() noexcept {
  Layout& layout = g_layout;
  layout.task_from_top = (sizeof(Task) + alignof(Task) - 1) / alignof(Task) * alignof(Task);
  layout.stack_pointer = offsetof(Task, fiber) + offsetof(Fiber, stack_pointer);
  layout.state = offsetof(Task, state);
  layout.id = offsetof(Task, id);
  layout.waits_on = offsetof(Task, waits_on);
  layout.waits_for = offsetof(Task, waits_for);
  layout.name = offsetof(Task, name);
  for (int i = 0; i < kStackPools; ++i) {
    layout.pool[i] = {stack_pool(i).bytes(), stack_pool(i).arenas()};
  }
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (!trace::is_known(static_cast<std::uint8_t>(kind))) continue;
    layout.verbs[kind] = trace::verb_of(static_cast<trace::Kind>(kind)).data();
  }
}

}  // namespace raddle::sched
