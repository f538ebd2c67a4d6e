// SPDX-License-Identifier: Apache-2.0
// OpenMP, as its runtime tells tools of it (LLVM's libomp; OpenMP 5.0, 4.5): its threads wait for
// each other by means of their own, which nobody else can see.
#include <new>

#include "runtime/interpose/ompt.h"
#include "runtime/interpose/openmp_lock.h"
#include "runtime/interpose/openmp_task.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/record/again.h"

namespace raddle::interpose::openmp {
namespace {

using ompt::Data;
using ompt::Scope;
using ompt::Status;
using ompt::Sync;
using trace::Kind;

Task* task_of(const Data* data) {
  return data == nullptr ? nullptr : static_cast<Task*>(data->pointer);
}

constexpr int kSeqCst = 5;  // its number in <atomic>

// Threads and regions -------------------------------------------------------------------------

// Nobody joins the runtime's own threads before the program ends.
void on_thread_begin(ompt::Thread type, Data*) {
  if (type == ompt::Thread::kWorker && is_recording()) {
    note({.kind = Kind::kTaskDetach, .object = record::current_task()});
  }
}

void on_parallel_begin(Data*, const void*, Data* region, unsigned, int, const void*) {
  record::start_in_forked_child();  // a region that began unseen would end unseen
  if (!is_recording()) return;
  {
    const InRuntime in_runtime;
    region->pointer = new (std::nothrow) Team;
  }
  if (region->pointer == nullptr) return;
  note(Kind::kReleaseAddress, &static_cast<Team*>(region->pointer)->begin);
}

void on_parallel_end(Data* region, Data*, int, const void*) {
  auto* team = static_cast<Team*>(region->pointer);
  if (team == nullptr) return;
  if (is_recording()) {
    for (const char& barrier : team->barriers) note(Kind::kAcquireAddress, &barrier);
  }
  const InRuntime in_runtime;
  delete team;
  region->pointer = nullptr;
}

// Its end may come when the region's has long been: nothing of the region is touched then.
void on_implicit_task(Scope scope, Data* region, Data* data, unsigned, unsigned, int flags) {
  if (scope == Scope::kEnd) {
    drop(task_of(data));
    data->pointer = nullptr;
    return;
  }
  if (!is_recording()) return;
  const bool is_initial = (flags & ompt::kInitialTask) != 0;
  auto* team = is_initial || region == nullptr ? nullptr : static_cast<Team*>(region->pointer);
  data->pointer = make_task(team, nullptr);
  if (team != nullptr) note(Kind::kAcquireAddress, &team->begin);
}

// Waiting -------------------------------------------------------------------------------------

void pass_barrier(Scope scope, const Data* region, Task& task) {
  if (task.team == nullptr) return;
  const char* barrier = &task.team->barriers[task.barrier % 2];
  if (scope == Scope::kBegin) return note(Kind::kReleaseAddress, barrier);
  // A worker leaves the region's last one when it is wanted again, and the region may be gone.
  if (region == nullptr || region->pointer == nullptr) return;
  note(Kind::kAcquireAddress, barrier);
  ++task.barrier;
}

void pass_group(Scope scope, Task& task) {
  if (scope == Scope::kBegin) {
    const InRuntime in_runtime;
    if (auto* group = new (std::nothrow) Group; group != nullptr) {
      group->outer = task.group;
      task.group = group;
    }
    return;
  }
  Group* group = task.group;
  if (group == nullptr) return;
  note(Kind::kAcquireAddress, &group->end);
  task.group = group->outer;
  const InRuntime in_runtime;
  delete group;
}

void on_sync_region(Sync kind, Scope scope, Data* region, Data* data, const void*) {
  Task* task = task_of(data);
  if (task == nullptr || !is_recording()) return;
  switch (kind) {
    case Sync::kTaskWait:
      if (scope == Scope::kEnd) note(Kind::kAcquireAddress, &task->children);
      return;
    case Sync::kTaskGroup:
      return pass_group(scope, *task);
    case Sync::kReduction:
      return;
  }
  pass_barrier(scope, region, *task);
}

// One thread combines what the others have, by the runtime's own order.
void on_reduction(Sync, Scope scope, Data*, Data*, const void*) {
  if (scope == Scope::kBegin) {
    record::begin_ignoring();
  } else {
    record::end_ignoring();
  }
}

// Tasks ---------------------------------------------------------------------------------------

void on_task_create(Data* creator_data, const void*, Data* data, int flags, int, const void*) {
  Task* creator = task_of(creator_data);
  if (creator == nullptr || !is_recording()) return;
  Task* task = make_task(creator->team, creator);
  data->pointer = task;
  if (task == nullptr) return;
  task->is_undeferred = (flags & ompt::kUndeferred) != 0;
  task->group = creator->group;
  task->id = record::new_task_id();
  note({.kind = Kind::kTaskSpawn, .object = task->id});
}

void on_dependences(Data* data, const ompt::Dependence* all, int count) {
  Task* task = task_of(data);
  if (task == nullptr || count <= 0 || all[0].type >= ompt::kFirstOfLoops) return;
  if (task->dependences == nullptr) {
    set_dependences(*task, all, static_cast<std::size_t>(count));
  }
}

// By the task itself, as the last thing it does.
void let_know(Task& task) {
  release_dependences(task);
  note(Kind::kReleaseAddress, &task.creator->children);
  if (task.group != nullptr) note(Kind::kReleaseAddress, &task.group->end);
  if (task.team != nullptr) {
    note(Kind::kReleaseAddress, &task.team->barriers[task.implicit->barrier % 2]);
  }
}

// Tasks run one behind the other on their thread's stack: below here is nobody's any more.
void discard_stack() {
  constexpr std::uintptr_t kMostBytes = 256 << 10;
  const auto end = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  note(Kind::kStackEnd, reinterpret_cast<const void*>(end - kMostBytes), 0, kMostBytes);
}

void switch_between(Task& from, Task& to) {
  {
    const InRuntime in_runtime;
    if (!to.has_begun) to.state.stack_high = record::call_state().stack_high;
    record::switch_to(to.id, &from.state, to.state);
  }
  discard_stack();
}

void on_task_schedule(Data* from_data, Status status, Data* to_data) {
  Task* from = task_of(from_data);
  Task* to = task_of(to_data);
  if (from == nullptr || to == nullptr || from == to || !is_recording()) return;
  const bool is_done = status == Status::kComplete || status == Status::kCancel;
  const bool was_undeferred = from->is_undeferred;
  if (is_done && from->id != 0) {
    let_know(*from);
    note({.kind = Kind::kTaskEnd, .object = from->id});
  } else if (from->id != 0) {
    note({.kind = Kind::kTaskSuspend, .object = from->id});
  }
  switch_between(*from, *to);
  if (is_done && was_undeferred) note(Kind::kAcquireAddress, &to->children);
  if (is_done && from->id != 0) {
    drop(from);
    from_data->pointer = nullptr;
  }
  if (to->has_begun || to->id == 0) return;
  to->has_begun = true;
  note({.kind = Kind::kTaskBegin, .object = to->id});
  acquire_dependences(*to);
}

// Locks ---------------------------------------------------------------------------------------

void on_mutex_acquired(ompt::Mutex kind, std::uint64_t lock, const void*) {
  if (!is_recording()) return;
  begin_holding(lock);
  const bool is_try = kind == ompt::Mutex::kTestLock || kind == ompt::Mutex::kTestNestLock;
  note(Kind::kMutexLock, reinterpret_cast<const void*>(lock), is_try ? trace::kTried : 0);
}

void on_mutex_released(ompt::Mutex, std::uint64_t lock, const void*) {
  if (!is_recording()) return;
  note(Kind::kMutexUnlock, reinterpret_cast<const void*>(lock));
  end_holding(lock);
}

void on_flush(Data*, const void*) {
  if (is_recording()) note({.kind = Kind::kAtomicFence, .index = kSeqCst});
}

// The tool ------------------------------------------------------------------------------------

template <typename Function>
void set(ompt::SetCallback* set_callback, ompt::Event event, Function* function) {
  set_callback(event, reinterpret_cast<ompt::Callback>(function));
}

int initialize(ompt::Lookup* lookup, int, Data*) {
  using enum ompt::Event;
  auto* set_callback = reinterpret_cast<ompt::SetCallback*>(lookup("ompt_set_callback"));
  if (set_callback == nullptr) return 0;  // it does without us
  set(set_callback, kThreadBegin, on_thread_begin);
  set(set_callback, kParallelBegin, on_parallel_begin);
  set(set_callback, kParallelEnd, on_parallel_end);
  set(set_callback, kImplicitTask, on_implicit_task);
  set(set_callback, kSyncRegion, on_sync_region);
  set(set_callback, kReduction, on_reduction);
  set(set_callback, kTaskCreate, on_task_create);
  set(set_callback, kTaskSchedule, on_task_schedule);
  set(set_callback, kDependences, on_dependences);
  set(set_callback, kMutexAcquired, on_mutex_acquired);
  set(set_callback, kMutexReleased, on_mutex_released);
  set(set_callback, kFlush, on_flush);
  return 1;
}

void finalize(Data*) {}

}  // namespace
}  // namespace raddle::interpose::openmp

// The OpenMP runtime looks for a function of this name when it starts.
// NOLINTNEXTLINE(readability-identifier-naming)
RADDLE_EXPORT raddle::interpose::ompt::StartResult* ompt_start_tool(unsigned, const char*) {
  using namespace raddle::interpose;  // NOLINT(google-build-using-namespace)
  static ompt::StartResult result{openmp::initialize, openmp::finalize, {}};
  raddle::record::start_in_forked_child();
  return raddle::record::is_on() ? &result : nullptr;
}
