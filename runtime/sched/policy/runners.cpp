// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/policy/runners.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "runtime/record/runtime_threads.h"
#include "runtime/record/say.h"
#include "runtime/record/system_calls.h"
#include "runtime/sched/futex.h"

namespace raddle::sched {

void Runner::sleep() noexcept {
  while (may_run.load(std::memory_order_acquire) == 0) {
    const record::BlockedForEver blocked;
    futex_wait(may_run, 0);
  }
  may_run.store(0, std::memory_order_relaxed);
}

void Runner::wake() noexcept {
  may_run.store(1, std::memory_order_release);
  futex_wake(may_run);
}

void wait_for_end_of_thread(int tid) noexcept {
  constexpr int kMostLooks = 10'000;
  const int saved_errno = errno;
  for (int i = 0; i < kMostLooks && ::tgkill(::getpid(), tid, 0) == 0; ++i) {
    record::yield_processor();
  }
  errno = saved_errno;
}

void Runners::clear() noexcept {
  for (trace::TaskId id = 0; id <= highest_ && id < by_id_.capacity(); ++id)
    new (&by_id_[id]) Runner;
  ready_count_ = waiting_count_ = deadline_count_ = late_ = 0;
  highest_ = 0;
  steps_ = round_begin_ = 1;
  rounds_ = 0;
}

void Runners::refuse() noexcept {
  record::say(
      {"raddle: the program has too many tasks, or there is too little address space, to "
       "decide about their order; explore a smaller run"});
  ::_exit(2);
}

void Runners::add_ready(const Choice& choice) noexcept {
  Runner& runner = at(choice.id);
  runner.ready_index = ready_count_;
  ready_[ready_count_++] = choice;
  if (runner.went_at < round_begin_) ++late_;
}

void Runners::drop_ready(trace::TaskId id) noexcept {
  const Runner& runner = at(id);
  if (runner.went_at < round_begin_) --late_;
  const std::size_t index = runner.ready_index;
  const Choice& last = ready_[--ready_count_];
  ready_[index] = last;
  at(last.id).ready_index = index;
}

void Runners::go(trace::TaskId id) noexcept {
  at(id).went_at = steps_++;
  if (late_ != 0) return;
  ++rounds_;
  round_begin_ = steps_;
  late_ = ready_count_;
}

std::size_t Runners::longest_ready() noexcept {
  std::size_t longest = 0;
  for (std::size_t i = 1; i < ready_count_; ++i) {
    if (at(ready_[i].id).went_at < at(ready_[longest].id).went_at) longest = i;
  }
  return longest;
}

void Runners::add_waiting(trace::TaskId id) noexcept {
  waiting_[waiting_count_++] = id;
  if (at(id).deadline_ns != kNever) ++deadline_count_;
}

void Runners::wake_threads() noexcept {
  for (trace::TaskId id = 0; id <= highest_ && id < by_id_.capacity(); ++id) {
    if (by_id_[id].is_thread && by_id_[id].state != Runner::State::kHasEnded) by_id_[id].wake();
  }
}

void Runners::drop_waiting(std::size_t index) noexcept {
  trace::TaskId* place = waiting_.data() + index;
  if (at(*place).deadline_ns != kNever) --deadline_count_;
  std::copy(place + 1, waiting_.data() + waiting_count_, place);
  --waiting_count_;
}

std::size_t Runners::first_deadline() noexcept {
  if (deadline_count_ == 0) return waiting_count_;
  std::size_t first = waiting_count_;
  std::int64_t earliest = kNever;
  for (std::size_t i = 0; i < waiting_count_; ++i) {
    const std::int64_t deadline = at(waiting_[i]).deadline_ns;
    if (deadline < earliest) {
      earliest = deadline;
      first = i;
    }
  }
  return first;
}

}  // namespace raddle::sched
