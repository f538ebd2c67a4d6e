// SPDX-License-Identifier: Apache-2.0
#include "raddle/annotate.h"

#include <new>

#include "runtime/sync/note.h"

struct raddle_task {  // NOLINT(readability-identifier-naming): a C name
  raddle::trace::TaskId id = 0;
  raddle::record::CallState state;
  bool has_begun = false;
};

namespace {

using namespace raddle;  // NOLINT(google-build-using-namespace): the functions below are C
using trace::Kind;

thread_local raddle_task* t_running = nullptr;
thread_local record::CallState t_own;

void leave_running() {
  if (t_running == nullptr) return;
  record::event({.kind = Kind::kTaskSuspend, .object = t_running->id});
}

}  // namespace

extern "C" {

void __raddle_annotate_acquire(const volatile void* address) {
  sync::note(Kind::kAcquireAddress, address);
}
void __raddle_annotate_release(const volatile void* address) {
  sync::note(Kind::kReleaseAddress, address);
}

raddle_task* __raddle_annotate_task_create(void) {
  if (!record::is_on()) return nullptr;
  auto* task = new (std::nothrow) raddle_task;
  if (task == nullptr) return nullptr;
  task->id = record::new_task_id();
  record::event({.kind = Kind::kTaskSpawn, .object = task->id});
  return task;
}

void __raddle_annotate_task_switch(raddle_task* task) {
  if (task == t_running || (task == nullptr && t_running == nullptr)) return;
  record::time_passes();
  leave_running();
  record::CallState& from = t_running == nullptr ? t_own : t_running->state;
  record::switch_to(task == nullptr ? 0 : task->id, &from, task == nullptr ? t_own : task->state);
  t_running = task;
  if (task == nullptr || task->has_begun) return;
  task->has_begun = true;
  record::event({.kind = Kind::kTaskBegin, .object = task->id});
}

void __raddle_annotate_task_end(raddle_task* task) {
  if (task == nullptr) return;
  if (record::is_on()) {
    record::event({.kind = Kind::kTaskEnd, .object = task->id, .actor = task->id});
  }
  delete task;
}

void __raddle_annotate_name(const volatile void* address, const char* text) {
  if (!record::is_on() || text == nullptr) return;
  record::name_object(trace::ObjectType::kAddress, record::id_of(address), text);
}

void __raddle_annotate_ignore_begin(void) { record::begin_ignoring(); }
void __raddle_annotate_ignore_end(void) { record::end_ignoring(); }

}  // extern "C"
