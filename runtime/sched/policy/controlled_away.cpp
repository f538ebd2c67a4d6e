// SPDX-License-Identifier: Apache-2.0
// Who sleeps in the kernel by means that we do not see loses its turn, and is named in the trace.
// When it comes back it waits for its next turn where it next does what others can see; a task has
// kept its worker meanwhile, and another one has run the others.
#include "runtime/record/place.h"
#include "runtime/record/system_call_names.h"
#include "runtime/record/thread_state.h"
#include "runtime/sched/blocking.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/guard.h"
#include "runtime/sched/task.h"
#include "runtime/sched/worker.h"
#include "runtime/sched/workers.h"

namespace raddle::sched {

namespace {

bool sleeps(int tid) { return tid != 0 && record::thread_state(tid) == 'S'; }

void tell(trace::TaskId id, const record::Place* place, int tid) {
  if (!record::is_on()) return;
  record::CallNumber text;
  const std::string_view call = record::system_call_of(tid, text);
  if (call.empty()) return;
  record::event_at(place, {.kind = trace::Kind::kKernelSleep,
                           .object = id,
                           .index = record::intern(call),
                           .actor = id});
}

}  // namespace

// A thread that takes no turns may do what one waits for between its last look and its wait.
void Controlled::let_all_look_again(Guard& guard) {
  for (std::size_t i = runners_.waiting().size(); i-- > 0;) {
    if (i >= runners_.waiting().size()) continue;  // the lock was let go meanwhile
    if (runners_.at(runners_.waiting()[i]).deadline_ns == kNever) end_wait(i, guard);
  }
  kick();
}

// Twice seen asleep in the same turn. Who is about to be woken for it may sleep for long yet, where
// the one that wakes it has lost its processor.
void Controlled::look() noexcept {
  Guard guard(*this);
  if (running_ == 0 && has_outsiders_) return let_all_look_again(guard);
  if (running_ == 0 || !has_begun_turn_ || waits_for_worker_.load(std::memory_order_relaxed)) {
    return;
  }
  const trace::TaskId id = running_;
  Runner& runner = runners_.at(id);
  Worker* worker = !runner.is_thread && on_worker_ == id ? worker_ : nullptr;
  const int tid = worker != nullptr ? worker->tid.load(std::memory_order_relaxed) : runner.tid;
  const std::uint32_t ticks = worker != nullptr ? worker->ticks.load(std::memory_order_relaxed) : 0;
  const bool is_asleep = (runner.is_thread || worker != nullptr) && sleeps(tid);
  const bool has_slept_before = sleepers_turn_ == turns_;
  sleepers_turn_ = is_asleep ? turns_ : 0;
  if (!is_asleep || !has_slept_before) return;
  written_.mark_inexact();
  const record::Place* place = worker != nullptr ? worker_place_ : runner.place;
  runner.state = Runner::State::kIsAway;
  running_ = 0;
  if (worker != nullptr) {
    on_worker_ = 0;
    worker_ = nullptr;
  }
  kick();
  guard.unlock();
  tell(id, place, tid);
  if (worker != nullptr) replace_if_still(worker, ticks);
}

// Of a task, whose worker sleeps with it, look() finds out.
void Controlled::sleep_outside() noexcept {
  if (t_decides || current_task() != nullptr) return;
  const trace::TaskId id = record::current_task();
  Guard guard(*this);
  if (running_ != id) return;
  written_.mark_inexact();
  runners_.at(id).state = Runner::State::kIsAway;
  running_ = 0;
  pass_turn(guard);
}

// A worker comes for a task: the one whose task was away meanwhile is one too many then.
void Controlled::become_worker(Worker* worker, Guard& guard) {
  if (worker_ == worker) return;
  guard.unlock();
  come_back(worker);
  retire_if_too_many(worker);
  guard.lock();
  worker_ = worker;
  worker_place_ = record::own_place();
}

}  // namespace raddle::sched
