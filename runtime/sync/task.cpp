// SPDX-License-Identifier: Apache-2.0
#include "raddle/task.h"

#include <cstdlib>
#include <new>

#include "runtime/record/turns.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sync/wait_queue.h"

namespace raddle::detail {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

namespace {

// While one exists, the memory that this thread takes or gives back is not the program's. The
// compiler knows of malloc() and free() that they read no variable of ours: the fences tell it that
// these do.
class Unseen {
 public:
  Unseen() noexcept {
    if (!is_on_) [[likely]]
      return;
    before_ = std::exchange(record::t_decides, true);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~Unseen() {
    if (!is_on_) [[likely]]
      return;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    record::t_decides = before_;
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  const bool is_on_ = record::is_on();
  bool before_ = false;
};

}  // namespace

JoinState::~JoinState() = default;

// Gives up one of the two shares. tells: the program has done something with the state that whoever
// comes last may not know of otherwise.
void JoinState::drop(bool tells) noexcept {
  if (tells) note(Kind::kReleaseAddress, this);
  // acq_rel: the last one sees what the other did.
  if (shares_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (record::is_on() && (has_result_ || exception_)) [[unlikely]]
    note(Kind::kAcquireAddress, this);
  delete this;
}

void JoinState::keep_exception() noexcept { exception_ = std::current_exception(); }

// Out of the state: whoever destroys that must not be the last to let go of the exception.
void JoinState::rethrow_exception() {
  if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
}

Joinable<void>::~Joinable() = default;

Joinable<void>* Joinable<void>::make() {
  const Unseen unseen;
  void* memory = std::malloc(sizeof(Joinable));
  if (memory == nullptr) throw std::bad_alloc();
  return ::new (memory) Joinable;
}

void Joinable<void>::operator delete(void* memory) noexcept {
  const Unseen unseen;
  std::free(memory);
}

void start_task(void* made, void* closure, void (*run)(void*, void*), JoinState* state) noexcept {
  auto* task = static_cast<sched::Task*>(made);
  task->closure = closure;
  task->run = run;
  if (state != nullptr) {
    task->finish = JoinState::finish;
    task->join_state = state;
    state->task_ = task->id;
  }
  sched::start(task);
}

void JoinState::join() noexcept {
  ListLock lock(waiters_);
  bool comes_at_once = false;
  if (!has_ended_) {
    if (record::is_on()) [[unlikely]]
      record::event({.kind = Kind::kJoinWait, .object = task_});
    WaitNode node;
    sched::Waiter waiter;
    waiter.know_id();
    node.waiter = &waiter;
    push_back(waiters_, node);
    lock.unlock();
    waiter.park(Kind::kJoinWait, this);
    comes_at_once = sched::current_task() != nullptr;  // the last event has said that it goes on
  }
  is_joined_ = true;
  if (record::is_on()) [[unlikely]]
    record::event({.kind = Kind::kTaskJoin, .object = task_, .is_at_once = comes_at_once});
}

void JoinState::drop_handle() noexcept {
  if (!is_joined_ && record::is_on()) [[unlikely]]
    record::event({.kind = Kind::kTaskDetach, .object = task_});
  // Its join has ordered all that the task did. acquire: what was not recorded of that.
  if (is_joined_ && shares_.load(std::memory_order_acquire) == 1) {
    delete this;
  } else {
    drop(has_result_);
  }
}

// Who waits for the end of the task knows all that it did before it drops the handle.
void JoinState::finish(void* state) noexcept {
  auto* self = static_cast<JoinState*>(state);
  const bool is_programs =  // known before others may take the exception
      record::is_on() && (self->has_result_ || self->exception_);
  Claimed claimed;
  {
    const ListLock lock(self->waiters_);
    self->has_ended_ = true;
    while (WaitNode* node = claim_first(self->waiters_)) claimed.add(node);
  }
  const bool is_awaited = !claimed.is_empty();
  claimed.unpark_all();
  self->drop(is_programs && !is_awaited);
}

}  // namespace raddle::detail
