// SPDX-License-Identifier: Apache-2.0
// ThreadSanitizer's annotations of fibers (sanitizer/tsan_interface.h): stacks that the program
// switches between by itself. Each is a task.
#include <new>
#include <utility>

#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/record/shadow_stack.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

constexpr unsigned kNoSync = 1U << 0;  // __tsan_switch_to_fiber_no_sync

struct Fiber {
  trace::TaskId id = 0;  // 0: the thread's own, not yet asked for
  record::CallState state;
  record::ShadowStack* calls = nullptr;
  const bool is_threads_own;
};
thread_local constinit Fiber t_own{.id = 0, .state = {}, .calls = nullptr, .is_threads_own = true};
thread_local constinit Fiber* t_current = nullptr;  // null: t_own

Fiber* current() {
  if (t_own.id == 0) t_own.id = record::current_task();
  return t_current != nullptr ? t_current : &t_own;
}

// Begun at once: one that nobody ever switches to is spare, not forgotten.
void note_created(const Fiber& fiber) {
  if (!is_recording()) return;
  note({.kind = Kind::kTaskSpawn, .object = fiber.id});
  note({.kind = Kind::kTaskBegin, .object = fiber.id, .actor = fiber.id});
}

void switch_to(Fiber* to, bool is_synced) {
  Fiber* from = current();
  if (to == from) return;
  if (is_recording()) {
    if (is_synced) note(Kind::kReleaseAddress, to);
    if (!from->is_threads_own) note({.kind = Kind::kTaskSuspend, .object = from->id});
  }
  {
    const InRuntime in_runtime;
    record::ShadowStack::swap(&from->calls, std::exchange(to->calls, nullptr));
    record::switch_to(to == &t_own ? 0 : to->id, &from->state, to->state);
  }
  t_current = to;
  if (is_synced && is_recording()) note(Kind::kAcquireAddress, to);
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

RADDLE_EXPORT void* __tsan_get_current_fiber() { return current(); }

RADDLE_EXPORT void* __tsan_create_fiber(unsigned) {
  Fiber* fiber = nullptr;
  {
    const InRuntime in_runtime;
    fiber = new (std::nothrow) Fiber{.id = raddle::record::new_task_id(),
                                     .state = {},
                                     .calls = nullptr,
                                     .is_threads_own = false};
  }
  if (fiber != nullptr) note_created(*fiber);
  return fiber;
}

RADDLE_EXPORT void __tsan_destroy_fiber(void* handle) {
  auto* fiber = static_cast<Fiber*>(handle);
  if (fiber == nullptr || fiber->is_threads_own) return;
  if (is_recording()) note({.kind = Kind::kTaskEnd, .object = fiber->id, .actor = fiber->id});
  const InRuntime in_runtime;
  raddle::record::ShadowStack::release(fiber->calls);
  delete fiber;
}

RADDLE_EXPORT void __tsan_switch_to_fiber(void* handle, unsigned flags) {
  if (handle != nullptr) switch_to(static_cast<Fiber*>(handle), (flags & kNoSync) == 0);
}

RADDLE_EXPORT void __tsan_set_fiber_name(void* handle, const char* name) {
  if (handle == nullptr || name == nullptr || !is_recording()) return;
  const InRuntime in_runtime;
  raddle::record::name_object(raddle::trace::ObjectType::kTask, static_cast<Fiber*>(handle)->id,
                              name);
}
